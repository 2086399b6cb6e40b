; Tornado: handlers listed in Application([...]) and in lists that are kept elsewhere, url(..) and URLSpec(..).
; Known misses: a prefix that a function puts before the rows of a list; lists whose handlers come from packages nobody described.

(stub ["tornado.web.StaticFileHandler" "tornado.web.RedirectHandler" "tornado.web.ErrorHandler" "tornado.web.FallbackHandler"
       "tornado.websocket.WebSocketHandler"] extends: "tornado.web.RequestHandler")

((call callee: (_) @_app [argument[0]: (sequence item[*]: (sequence item[0]: (string) @endpoint.route item[1]: (_) @endpoint.handler))
                          keyword[handlers]: (sequence item[*]: (sequence item[0]: (string) @endpoint.route item[1]: (_) @endpoint.handler))]) @endpoint
  (#is? @_app "tornado.web.Application")
  (#set! endpoint.handler "methods"))
; A row of a list, wherever it stands: a path and a type that handles requests.
((sequence item[0]: (string) @endpoint.route item[1]: (_) @endpoint.handler) @endpoint
  (#match? @endpoint.route "^[/^.({]")
  (#is? @endpoint.handler "tornado.web.RequestHandler")
  (#set! endpoint.handler "methods") (#set! endpoint.method "ANY")
  (#set! endpoint.brings "tornado.web.StaticFileHandler=get tornado.web.RedirectHandler=get"))
((call callee: (_) @_url argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#is? @_url "tornado.web.url" "tornado.web.URLSpec" "tornado.routing.URLSpec")
  (#set! endpoint.handler "methods"))

; Handlers that need a route: one that none was seen for is a blind spot.
((definition kind: "type" member[*]: (definition kind: "method" name: ["get" "post" "put" "patch" "delete"])) @endpoint.view
  (#is? @endpoint.view "tornado.web.RequestHandler"))
