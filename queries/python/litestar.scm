; Litestar (and Starlite before it): decorated functions and methods of controllers, routers below routers.
; Known misses: handlers registered in loops; routers that plugins add.

((definition attribute: (call callee: (_) @endpoint.method
     [argument[0]: (sequence item[*]: (string) @endpoint.route) keyword[path]: (sequence item[*]: (string) @endpoint.route)
      argument[0]: (string) @endpoint.route keyword[path]: (string) @endpoint.route])) @endpoint
  (#is? @endpoint.method "litestar.get" "litestar.post" "litestar.put" "litestar.patch" "litestar.delete" "litestar.head")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD"))
((definition attribute: (call callee: (_) @endpoint.method
     [argument[0]: (sequence item[*]: (string) @endpoint.route) keyword[path]: (sequence item[*]: (string) @endpoint.route)
      argument[0]: (string) @endpoint.route keyword[path]: (string) @endpoint.route])
     inside: (definition kind: "type" member[path]: (definition value: (string) @endpoint.prefix))) @endpoint
  (#is? @endpoint.method "litestar.get" "litestar.post" "litestar.put" "litestar.patch" "litestar.delete" "litestar.head")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD"))
((definition attribute: (call callee: (_) @endpoint.method)) @endpoint
  (#is? @endpoint.method "litestar.get" "litestar.post" "litestar.put" "litestar.patch" "litestar.delete" "litestar.head")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD"))
((definition attribute: (call callee: (_) @endpoint.method)
     inside: (definition kind: "type" member[path]: (definition value: (string) @endpoint.route))) @endpoint
  (#is? @endpoint.method "litestar.get" "litestar.post" "litestar.put" "litestar.patch" "litestar.delete" "litestar.head")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD"))
((definition attribute: (call callee: (_) @_route
     [argument[0]: (string) @endpoint.route keyword[path]: (string) @endpoint.route]
     keyword[http_method]: (sequence item[*]: (_) @endpoint.method))) @endpoint
  (#is? @_route "litestar.route"))
((definition attribute: (call callee: (_) @_socket
     [argument[0]: (string) @endpoint.route keyword[path]: (string) @endpoint.route])) @endpoint
  (#is? @_socket "litestar.websocket" "litestar.websocket_listener" "litestar.websocket_stream")
  (#set! endpoint.method "WS"))

((call callee: (_) @_router keyword[route_handlers]: (_) @endpoint.handler) @endpoint.router @endpoint.mount
  (#is? @_router "litestar.Router"))
((call callee: (_) @_router
   [argument[0]: (string) @endpoint.prefix keyword[path]: (string) @endpoint.prefix]) @endpoint.group
  (#is? @_router "litestar.Router"))

(stub ["litestar.handlers.get" "starlite.get"] same: "litestar.get")
(stub ["litestar.handlers.post" "starlite.post"] same: "litestar.post")
(stub ["litestar.handlers.put" "starlite.put"] same: "litestar.put")
(stub ["litestar.handlers.patch" "starlite.patch"] same: "litestar.patch")
(stub ["litestar.handlers.delete" "starlite.delete"] same: "litestar.delete")
(stub ["litestar.handlers.head" "starlite.head"] same: "litestar.head")
(stub ["litestar.handlers.route" "starlite.route"] same: "litestar.route")
(stub ["litestar.handlers.websocket" "starlite.websocket"] same: "litestar.websocket")
(stub ["litestar.router.Router" "starlite.Router"] same: "litestar.Router")
