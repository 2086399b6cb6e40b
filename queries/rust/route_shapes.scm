; What looks like a route by its shape: an attribute called like an HTTP method, with a path, on a function. Where no pattern tells
; an endpoint there (a library that nobody knows, a router that hangs nowhere in sight), the place is a blind spot.
; Known misses: attributes of other shapes, registrations by calls.

((definition kind: ["function" "method"]
   attribute: (call callee: [(name ["route" "get" "post" "put" "patch" "delete"]) (member name: ["route" "get" "post" "put" "patch" "delete"])]
     argument[0]: (text) @_path))
   @endpoint.hint
  (#match? @_path "^/"))
; A macro of the program's own over a table of routes: `#[shop::routes("/orders" => get(list))] struct Orders;`.
((definition kind: "type" attribute: (call callee: [(name "routes") (member name: "routes")])) @endpoint.hint)
