; Tornado: handlers listed in Application([...]), url(..) and URLSpec(..). Known misses: add_handlers with host patterns.

((call callee: (_) @_app [argument[0]: (sequence item[*]: (sequence item[0]: (string) @endpoint.route item[1]: (_) @endpoint.handler))
                          keyword[handlers]: (sequence item[*]: (sequence item[0]: (string) @endpoint.route item[1]: (_) @endpoint.handler))]) @endpoint
  (#is? @_app "tornado.web.Application")
  (#set! endpoint.handler "methods"))
((call callee: (_) @_url argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#is? @_url "tornado.web.url" "tornado.web.URLSpec" "tornado.routing.URLSpec")
  (#set! endpoint.handler "methods"))

; Handlers that need a route: one that none was seen for is a blind spot.
((definition kind: "type" member[*]: (definition kind: "method" name: ["get" "post" "put" "patch" "delete"])) @endpoint.view
  (#is? @endpoint.view "tornado.web.RequestHandler"))
