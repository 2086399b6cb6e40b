; Pyramid 1.x and 2.x: routes with names, view_config on functions, methods and classes, view_defaults, add_view.
; Properties of the request that the program adds, services by their type.
; Known misses: traversal without a route, prefixes of included modules, directives of the program's own, services by name.

((call receiver: (_) @_config method: "add_route"
   [argument[0]: (string) @endpoint.name keyword[name]: (string) @endpoint.name]
   [argument[1]: (string) @endpoint.route keyword[pattern]: (string) @endpoint.route keyword[path]: (string) @endpoint.route])
  (#match? @_config "(?i)config"))

((definition attribute: (call callee: (_) @_view keyword[route_name]: (string) @endpoint.route)) @endpoint
  (#eq? @_view "view_config") (#set! endpoint.named "own"))
((definition attribute: (call callee: (_) @_view keyword[route_name]: (string) @endpoint.route keyword[request_method]: (text) @endpoint.method)) @endpoint
  (#eq? @_view "view_config") (#set! endpoint.named "own"))
((definition attribute: (call callee: (_) @_view keyword[route_name]: (string) @endpoint.route
     keyword[request_method]: (sequence item[*]: (text) @endpoint.method))) @endpoint
  (#eq? @_view "view_config") (#set! endpoint.named "own"))
; The class names the route of its methods.
((definition attribute: (call callee: (_) @_view)
   inside: (definition kind: "type" attribute: (call callee: (_) @_defaults keyword[route_name]: (string) @endpoint.route))) @endpoint
  (#eq? @_view "view_config") (#eq? @_defaults "view_defaults") (#set! endpoint.named "around"))
((definition attribute: (call callee: (_) @_view keyword[request_method]: (text) @endpoint.method)
   inside: (definition kind: "type" attribute: (call callee: (_) @_defaults keyword[route_name]: (string) @endpoint.route))) @endpoint
  (#eq? @_view "view_config") (#eq? @_defaults "view_defaults") (#set! endpoint.named "around"))
; Views that are added by a call.
((call receiver: (_) @_config method: "add_view" [argument[0]: (_) @endpoint.handler keyword[view]: (_) @endpoint.handler]
   keyword[route_name]: (string) @endpoint.route) @endpoint
  (#match? @_config "(?i)config") (#set! endpoint.named "own"))
((call receiver: (_) @_config method: "add_view" [argument[0]: (_) @endpoint.handler keyword[view]: (_) @endpoint.handler]
   keyword[route_name]: (string) @endpoint.route keyword[request_method]: (text) @endpoint.method) @endpoint
  (#match? @_config "(?i)config") (#set! endpoint.named "own"))

; `config.add_request_method(make_session, "db", reify=True)`: what the function gives is `request.db`.
((call receiver: (_) @_config method: "add_request_method" [argument[0]: (_) @provides keyword[callable]: (_) @provides]
   [argument[1]: (string) @provides.key keyword[name]: (string) @provides.key]
   [keyword[reify]: (constant "True") keyword[property]: (constant "True")])
  (#match? @_config "(?i)config") (#set! provides.name "pyramid.request.Request.{key}"))
((call receiver: (_) @_config method: "set_request_property" argument[0]: (_) @provides
   [argument[1]: (string) @provides.key keyword[name]: (string) @provides.key])
  (#match? @_config "(?i)config") (#set! provides.name "pyramid.request.Request.{key}"))
(stub "(request)" is: "pyramid.request.Request")
(stub "pyramid.request.Request.find_service" returns: instance[0])
