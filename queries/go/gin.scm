; github.com/gin-gonic/gin v1: verbs with handler chains (the last one handles), Handle, Match, Any, groups.
; Folders and files are served by who registers them. Known misses: NoRoute is no endpoint.

(stub ["github.com/gin-gonic/gin.Default" "github.com/gin-gonic/gin.New"] returns: "github.com/gin-gonic/gin.Engine")
(stub "github.com/gin-gonic/gin.Engine" extends: "github.com/gin-gonic/gin.RouterGroup")
(stub "github.com/gin-gonic/gin.RouterGroup" extends: "github.com/gin-gonic/gin.IRouter")
(stub "github.com/gin-gonic/gin.IRouter" extends: "github.com/gin-gonic/gin.IRoutes")
(stub ["github.com/gin-gonic/gin.Engine.Group" "github.com/gin-gonic/gin.RouterGroup.Group" "github.com/gin-gonic/gin.IRouter.Group"]
  returns: "github.com/gin-gonic/gin.RouterGroup")
(stub ["github.com/gin-gonic/gin.Engine.Use" "github.com/gin-gonic/gin.RouterGroup.Use" "github.com/gin-gonic/gin.IRoutes.Use"]
  returns: self)
(stub ["github.com/gin-gonic/gin.WrapF" "github.com/gin-gonic/gin.WrapH"] returns: argument[0])

((call receiver: (_) @endpoint.router
       method: ["GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gin-gonic/gin.IRoutes")) @endpoint)
((call receiver: (_) @endpoint.router method: "Any" argument[0]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gin-gonic/gin.IRoutes")
  (#set! endpoint.method "ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Handle" argument[0]: (string) @endpoint.method
       argument[1]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gin-gonic/gin.IRoutes")) @endpoint)
((call receiver: (_) @endpoint.router method: "Match" argument[0]: (sequence item[*]: (_) @endpoint.method)
       argument[1]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gin-gonic/gin.IRoutes")) @endpoint)

((call receiver: (_) @endpoint.router method: ["Static" "StaticFS" "StaticFile" "StaticFileFS"] @endpoint.method
       argument[0]: (string) @endpoint.route
  (#type? @endpoint.router "github.com/gin-gonic/gin.IRoutes")
  (#set! endpoint.methods "Static=GET/{filepath} StaticFS=GET/{filepath} StaticFile=GET StaticFileFS=GET")) @endpoint)

((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/gin-gonic/gin.IRouter")) @endpoint.group)

; A new router begins a tree of its own.
((call callee: (_) @_new (#is? @_new "github.com/gin-gonic/gin.New" "github.com/gin-gonic/gin.Default")) @endpoint.group)
