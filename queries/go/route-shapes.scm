; What looks like a route by its shape: a call named like a router's method, with a path and a function of the program. Where no
; pattern tells an endpoint there, the place is a blind spot.
; Known misses: paths that do not begin with a slash or are no text, handlers that are no functions.

((call receiver: (_) method: ["GET" "POST" "PUT" "PATCH" "DELETE" "Get" "Post" "Put" "Patch" "Delete" "Handle" "HandleFunc" "HandlerFunc" "Any"]
   argument[0]: (text) @_path argument[-1]: [(name) (member) (function)] @endpoint.handler) @endpoint.hint
  (#match? @_path "^((GET|POST|PUT|PATCH|DELETE) )?/"))
; The same as a chain: `app.AddRoute("/orders").Get().Handler(list)`.
((call receiver: (chain of: (call receiver: (_) method: ["AddRoute" "Route" "Path"] argument[0]: (text) @_path))
       method: ["Handler" "HandlerFunc" "RouteHandler" "HandleFunc" "Handle" "To"]
       argument[0]: [(name) (member) (function) (call)] @endpoint.handler) @endpoint.hint
  (#match? @_path "^/"))
