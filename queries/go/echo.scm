; github.com/labstack/echo v3 to v5: verbs (the second argument handles, middleware follows), Add, Any, Match, groups.
; Known misses: Host routers.

(stub "github.com/labstack/echo.New" returns: "github.com/labstack/echo.Echo")
(stub ["github.com/labstack/echo.Echo.Group" "github.com/labstack/echo.Group.Group"] returns: "github.com/labstack/echo.Group")
(stub ["github.com/labstack/echo.WrapHandler"] returns: argument[0])

((call receiver: (_) @endpoint.router
       method: ["GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS" "CONNECT" "TRACE"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/labstack/echo.Echo" "github.com/labstack/echo.Group")) @endpoint)
((call receiver: (_) @endpoint.router method: "Any" argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/labstack/echo.Echo" "github.com/labstack/echo.Group")
  (#set! endpoint.method "ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Add" argument[0]: (string) @endpoint.method
       argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/labstack/echo.Echo" "github.com/labstack/echo.Group")) @endpoint)
((call receiver: (_) @endpoint.router method: "Match" argument[0]: (sequence item[*]: (_) @endpoint.method)
       argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/labstack/echo.Echo" "github.com/labstack/echo.Group")) @endpoint)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/labstack/echo.Echo" "github.com/labstack/echo.Group")) @endpoint.group)

; A new router begins a tree of its own.
((call callee: (_) @_new (#is? @_new "github.com/labstack/echo.New")) @endpoint.group)
