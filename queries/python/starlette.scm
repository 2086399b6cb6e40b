; Starlette: Route, WebSocketRoute, Mount, the old decorators, HTTPEndpoint classes.
; Known misses: a Mount with a list of routes gives these routes without its prefix.

((call callee: (_) @_route argument[0]: (string) @endpoint.route
   [argument[1]: (_) @endpoint.handler keyword[endpoint]: (_) @endpoint.handler]
   keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method]) @endpoint
  (#is? @_route "starlette.routing.Route")
  (#set! endpoint.method "GET"))
((call callee: (_) @_route argument[0]: (string) @endpoint.route
   [argument[1]: (_) @endpoint.handler keyword[endpoint]: (_) @endpoint.handler]) @endpoint
  (#is? @_route "starlette.routing.Route")
  (#set! endpoint.method "GET")
  (#set! endpoint.handler "methods"))
((call callee: (_) @_route argument[0]: (string) @endpoint.route
   [argument[1]: (_) @endpoint.handler keyword[endpoint]: (_) @endpoint.handler]) @endpoint
  (#is? @_route "starlette.routing.WebSocketRoute")
  (#set! endpoint.method "WS"))
((definition attribute: (call receiver: (_) @endpoint.router method: "route" argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @endpoint.router "starlette.applications.Starlette" "starlette.routing.Router")
  (#set! endpoint.method "GET"))
((definition attribute: (call receiver: (_) @endpoint.router method: "route" argument[0]: (string) @endpoint.route
     keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method])) @endpoint
  (#type? @endpoint.router "starlette.applications.Starlette" "starlette.routing.Router")
  (#set! endpoint.method "GET"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "starlette.applications.Starlette" "starlette.routing.Router"))
((call callee: (_) @_mount argument[0]: (string) @endpoint.prefix
   [argument[1]: (_) @endpoint.handler keyword[app]: (_) @endpoint.handler]) @endpoint.mount
  (#is? @_mount "starlette.routing.Mount"))

; Views that need a route: one that none was seen for is a blind spot.
((definition kind: "type" member[*]: (definition kind: "method" name: ["get" "post" "put" "patch" "delete"])) @endpoint.view
  (#is? @endpoint.view "starlette.endpoints.HTTPEndpoint"))
