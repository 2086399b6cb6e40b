; aiohttp: server routes (router.add_*, web.get in add_routes, RouteTableDef) and the client session.
; Known misses: sub-applications keep their routes without prefix when built in loops.

((call receiver: (member base: (_) @endpoint.router name: "router")
   method: ["add_get" "add_post" "add_put" "add_delete" "add_patch" "add_head"] @endpoint.method
   argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#set! endpoint.methods "add_get=GET add_post=POST add_put=PUT add_delete=DELETE add_patch=PATCH add_head=HEAD"))
((call receiver: (member base: (_) @endpoint.router name: "router") method: "add_route"
   argument[0]: (string) @endpoint.method argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler) @endpoint)
((call receiver: (_) @_web method: ["get" "post" "put" "delete" "patch" "head"] @endpoint.method
   argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#is? @_web "aiohttp.web")
  (#set! endpoint.methods "get=GET post=POST put=PUT delete=DELETE patch=PATCH head=HEAD"))
((definition attribute: (call receiver: (_) @endpoint.router
     method: ["get" "post" "put" "delete" "patch" "head"] @endpoint.method argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @endpoint.router "aiohttp.web.RouteTableDef")
  (#set! endpoint.methods "get=GET post=POST put=PUT delete=DELETE patch=PATCH head=HEAD"))
((definition kind: "type" attribute: (call receiver: (_) @endpoint.router method: "view" argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @endpoint.router "aiohttp.web.RouteTableDef")
  (#set! endpoint.handler "methods"))
; A router that a variable keeps.
(stub "aiohttp.web.Application.router" is: "aiohttp.web.UrlDispatcher")
((call receiver: (name) @endpoint.router
   method: ["add_get" "add_post" "add_put" "add_delete" "add_patch" "add_head"] @endpoint.method
   argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "aiohttp.web.UrlDispatcher")
  (#set! endpoint.methods "add_get=GET add_post=POST add_put=PUT add_delete=DELETE add_patch=PATCH add_head=HEAD"))
((call receiver: (name) @endpoint.router method: "add_route"
   argument[0]: (string) @endpoint.method argument[1]: (string) @endpoint.route argument[2]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "aiohttp.web.UrlDispatcher"))
; A function behind `view` answers to any method.
((definition kind: "function" attribute: (call receiver: (_) @endpoint.router method: "view" argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @endpoint.router "aiohttp.web.RouteTableDef"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "aiohttp.web.Application" "aiohttp.web.RouteTableDef"))
; A table of routes, or a list of them, hangs where it is added.
((call receiver: (_) @endpoint.router method: "add_routes" argument[0]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "aiohttp.web.Application"))
((call receiver: (member base: (_) @endpoint.router name: "router") method: "add_routes" argument[0]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "aiohttp.web.Application"))
((call receiver: (_) @endpoint.router method: "add_subapp" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "aiohttp.web.Application"))

((call receiver: (_) @_session method: ["get" "post" "put" "delete" "patch" "head" "options" "ws_connect"]
   argument[0]: (string) @remote.address) @remote
  (#type? @_session "aiohttp.ClientSession")
  (#set! remote.kind "http"))
((call receiver: (_) @_session method: "request" argument[1]: (string) @remote.address) @remote
  (#type? @_session "aiohttp.ClientSession")
  (#set! remote.kind "http"))

; Views by their methods, and those that need a route: one that none was seen for is a blind spot.
((call receiver: (member base: (_) @endpoint.router name: "router") method: "add_view" argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#set! endpoint.handler "methods"))
((call receiver: (_) @_web method: "view" argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#is? @_web "aiohttp.web")
  (#set! endpoint.handler "methods"))
((definition kind: "type" member[*]: (definition kind: "method" name: ["get" "post" "put" "patch" "delete"])) @endpoint.view
  (#is? @endpoint.view "aiohttp.web.View"))
