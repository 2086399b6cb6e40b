; gopkg.in/macaron.v1: verbs with handler chains (the last one handles), Combo, Route, Any, groups whose body takes no router.
; Known misses: routes of names that a URL is built from; redirects by NotFound.

(stub ["gopkg.in/macaron.v1.New" "gopkg.in/macaron.v1.Classic" "gopkg.in/macaron.v1.NewWithLogger"]
  returns: "gopkg.in/macaron.v1.Macaron")
(stub "gopkg.in/macaron.v1.Macaron" extends: "gopkg.in/macaron.v1.Router")
(stub "gopkg.in/macaron.v1.Macaron.Router" is: "gopkg.in/macaron.v1.Router")
(stub ["gopkg.in/macaron.v1.Router.Combo" "gopkg.in/macaron.v1.Macaron.Combo"] returns: "gopkg.in/macaron.v1.ComboRouter")
(stub "gopkg.in/macaron.v1.ComboRouter.*" returns: self)

((call receiver: (_) @endpoint.router
       method: ["Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "Any"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "gopkg.in/macaron.v1.Router")
  (#set! endpoint.methods "Get=GET Post=POST Put=PUT Patch=PATCH Delete=DELETE Head=HEAD Options=OPTIONS Any=ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Route" argument[0]: (string) @endpoint.route argument[1]: (string) @endpoint.method
       argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "gopkg.in/macaron.v1.Router")) @endpoint)
((call receiver: (_) @endpoint.router
       method: ["Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "Any"] @endpoint.method argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "gopkg.in/macaron.v1.ComboRouter")
  (#set! endpoint.methods "Get=GET Post=POST Put=PUT Patch=PATCH Delete=DELETE Head=HEAD Options=OPTIONS Any=ANY")) @endpoint)

; Handlers that a list holds.
((call receiver: (_) @endpoint.router
       method: ["Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "Any"] @endpoint.method argument[0]: (string) @endpoint.route
  (#type? @endpoint.router "gopkg.in/macaron.v1.Router")
  (#set! endpoint.methods "Get=GET Post=POST Put=PUT Patch=PATCH Delete=DELETE Head=HEAD Options=OPTIONS Any=ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Route" argument[0]: (string) @endpoint.route argument[1]: (string) @endpoint.method
  (#type? @endpoint.router "gopkg.in/macaron.v1.Router")) @endpoint)

; One route with several verbs is a router of its own.
((call receiver: (_) @endpoint.router method: "Combo" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "gopkg.in/macaron.v1.Router")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.body
  (#type? @endpoint.router "gopkg.in/macaron.v1.Router")
  (#set! endpoint.nested)) @endpoint.group)
