; Bottle: decorators of the module and of an application, route(..) with a callback, mounted applications.
; Known misses: a list of paths for one function.

((definition attribute: (call receiver: (_) @endpoint.router method: ["get" "post" "put" "delete" "patch"] @endpoint.method argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @endpoint.router "bottle.Bottle")
  (#set! endpoint.methods "get=GET post=POST put=PUT delete=DELETE patch=PATCH"))
((definition attribute: (call receiver: (_) @endpoint.router method: "route" argument[0]: (string) @endpoint.route keyword[method]: (text) @endpoint.method)) @endpoint
  (#type? @endpoint.router "bottle.Bottle"))
((definition attribute: (call receiver: (_) @endpoint.router method: "route" argument[0]: (string) @endpoint.route
     keyword[method]: (sequence item[*]: (text) @endpoint.method))) @endpoint
  (#type? @endpoint.router "bottle.Bottle"))
((definition attribute: (call receiver: (_) @endpoint.router method: "route" argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @endpoint.router "bottle.Bottle")
  (#set! endpoint.method "GET"))
((definition attribute: (call callee: (_) @_route argument[0]: (string) @endpoint.route keyword[method]: (text) @endpoint.method)) @endpoint
  (#is? @_route "bottle.route"))
((definition attribute: (call callee: (_) @_route argument[0]: (string) @endpoint.route keyword[method]: (sequence item[*]: (text) @endpoint.method))) @endpoint
  (#is? @_route "bottle.route"))
((definition attribute: (call callee: (_) @_route argument[0]: (string) @endpoint.route)) @endpoint
  (#is? @_route "bottle.route" "bottle.get")
  (#set! endpoint.method "GET"))
((definition attribute: (call callee: (_) @_route argument[0]: (string) @endpoint.route)) @endpoint
  (#is? @_route "bottle.post")
  (#set! endpoint.method "POST"))
((definition attribute: (call callee: (_) @_route argument[0]: (string) @endpoint.route)) @endpoint
  (#is? @_route "bottle.put")
  (#set! endpoint.method "PUT"))
((definition attribute: (call callee: (_) @_route argument[0]: (string) @endpoint.route)) @endpoint
  (#is? @_route "bottle.delete")
  (#set! endpoint.method "DELETE"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "bottle.Bottle"))
((call receiver: (_) @endpoint.router method: "mount" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "bottle.Bottle"))
(stub "bottle.default_app" returns: "bottle.Bottle")
(stub "bottle.app" returns: "bottle.Bottle")
