; warp 0.3: filters of one path segment with a method and a handler, in either order.
; Known misses: `warp::path!`, paths of several segments, filters kept in variables or functions.

(call receiver: (chain by: "and" of: (call receiver: (chain by: "and" of: (call
      callee: [(name "path") (member base: (name "warp") name: "path")] argument[0]: (text) @endpoint.route))
    method: "and" argument[0]: (call callee: (member base: (name "warp") name: ["get" "post" "put" "delete" "head" "options" "patch"] @endpoint.method))))
  method: ["and_then" "map" "then"] argument[0]: (_) @endpoint.handler
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD options=OPTIONS")) @endpoint
