; PocketBase 0.23 and later: routes on the router of a serve event, groups, routes by method, and what is bound to them.
; Known misses: the routes that PocketBase itself serves; hooks; routers of versions before (echo's).

(stub "github.com/pocketbase/pocketbase/core.ServeEvent.Router" is: "github.com/pocketbase/pocketbase/tools/router.RouterGroup")
(stub "github.com/pocketbase/pocketbase/tools/router.Router" extends: "github.com/pocketbase/pocketbase/tools/router.RouterGroup")
(stub "github.com/pocketbase/pocketbase/apis.NewRouter" returns: "github.com/pocketbase/pocketbase/tools/router.Router")
(stub ["github.com/pocketbase/pocketbase/tools/router.Router.Group" "github.com/pocketbase/pocketbase/tools/router.RouterGroup.Group"]
  returns: "github.com/pocketbase/pocketbase/tools/router.RouterGroup")
(stub ["github.com/pocketbase/pocketbase/tools/router.RouterGroup.Bind" "github.com/pocketbase/pocketbase/tools/router.RouterGroup.BindFunc"
       "github.com/pocketbase/pocketbase/tools/router.RouterGroup.Unbind"] returns: self)

((call receiver: (_) @endpoint.router method: ["GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/pocketbase/pocketbase/tools/router.RouterGroup")) @endpoint)
((call receiver: (_) @endpoint.router method: ["Any" "SEARCH"] argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/pocketbase/pocketbase/tools/router.RouterGroup")
  (#set! endpoint.method "ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Route" argument[0]: (string) @endpoint.method argument[1]: (string) @endpoint.route
       argument[2]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/pocketbase/pocketbase/tools/router.RouterGroup")) @endpoint)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/pocketbase/pocketbase/tools/router.RouterGroup")) @endpoint.group)
