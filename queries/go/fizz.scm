; github.com/wI2L/fizz: routes of gin with what describes them as the second argument; tonic
; makes handlers of plain functions.
; Known misses: what the description says of the handler's answers.

(stub ["github.com/wI2L/fizz.New" "github.com/wI2L/fizz.NewFromEngine"] returns: "github.com/wI2L/fizz.Fizz")
(stub "github.com/wI2L/fizz.Fizz" extends: "github.com/wI2L/fizz.RouterGroup")
(stub ["github.com/wI2L/fizz.Fizz.Group" "github.com/wI2L/fizz.RouterGroup.Group"] returns: "github.com/wI2L/fizz.RouterGroup")
(stub ["github.com/wI2L/fizz.Fizz.Use" "github.com/wI2L/fizz.RouterGroup.Use"] returns: self)
(stub "github.com/wI2L/fizz.Fizz.Engine" returns: "github.com/gin-gonic/gin.Engine")
; The handler's function comes first, then the status of its answer.
(stub ["github.com/loopfz/gadgeto/tonic.Handler" "github.com/wI2L/fizz/tonic.Handler"] returns: argument[0])

((call receiver: (_) @endpoint.router
       method: ["GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS" "TRACE"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[2]: (_) argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/wI2L/fizz.RouterGroup")) @endpoint)
((call receiver: (_) @endpoint.router method: "Handle" argument[0]: (string) @endpoint.route
       argument[1]: (string) @endpoint.method argument[3]: (_) argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/wI2L/fizz.RouterGroup")) @endpoint)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/wI2L/fizz.RouterGroup")) @endpoint.group)
((call callee: (_) @_new (#is? @_new "github.com/wI2L/fizz.New")) @endpoint.group)
; Around an engine of gin, with the routes at its root.
((call callee: (_) @_new argument[0]: (_) @endpoint.router
  (#is? @_new "github.com/wI2L/fizz.NewFromEngine") (#type? @endpoint.router "github.com/gin-gonic/gin.Engine")) @endpoint.group)
