; Pecan: what a controller exposes has its route by the objects that lead to it, which is not followed: each is a blind spot.

((definition attribute: (call callee: (_) @_expose)) @endpoint.view
  (#is? @_expose "pecan.expose" "pecan.decorators.expose"))
