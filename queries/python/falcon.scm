; Falcon 2 to 4: resources by add_route, also with a suffix; responders by their names.
; Known misses: sinks, custom routers; resources have no type of the library, so one without a route is not noticed.

((call receiver: (_) @endpoint.router method: "add_route" argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "falcon.App")
  (#set! endpoint.handler "methods") (#set! endpoint.suffix "suffix")
  (#set! endpoint.methods "on_get=GET on_post=POST on_put=PUT on_patch=PATCH on_delete=DELETE on_head=HEAD on_options=OPTIONS"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "falcon.App"))
(stub ["falcon.API" "falcon.asgi.App" "falcon.app.App" "falcon.api.API"] same: "falcon.App")
