; github.com/gofiber/fiber v2 and v3: verbs (the last argument handles), Add, All, groups, Route with a body, Mount.
; Known misses: v3 keeps middleware behind the handler in some verbs.

(stub "github.com/gofiber/fiber.New" returns: "github.com/gofiber/fiber.App")
(stub ["github.com/gofiber/fiber.App" "github.com/gofiber/fiber.Group"] extends: "github.com/gofiber/fiber.Router")
(stub ["github.com/gofiber/fiber.App.Group" "github.com/gofiber/fiber.Group.Group" "github.com/gofiber/fiber.Router.Group"]
  returns: "github.com/gofiber/fiber.Router")
(stub ["github.com/gofiber/fiber.App.Use" "github.com/gofiber/fiber.Group.Use" "github.com/gofiber/fiber.Router.Use"] returns: self)

((call receiver: (_) @endpoint.router
       method: ["Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "Connect" "Trace"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gofiber/fiber.Router")
  (#set! endpoint.methods
    "Get=GET Post=POST Put=PUT Patch=PATCH Delete=DELETE Head=HEAD Options=OPTIONS Connect=CONNECT Trace=TRACE")) @endpoint)
((call receiver: (_) @endpoint.router method: "All" argument[0]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gofiber/fiber.Router")
  (#set! endpoint.method "ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Add" argument[0]: (string) @endpoint.method
       argument[1]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gofiber/fiber.Router")) @endpoint)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/gofiber/fiber.Router")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "Route" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.body
  (#type? @endpoint.router "github.com/gofiber/fiber.Router")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "Mount" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/gofiber/fiber.Router")) @endpoint.mount)

; A new router begins a tree of its own.
((call callee: (_) @_new (#is? @_new "github.com/gofiber/fiber.New")) @endpoint.group)
