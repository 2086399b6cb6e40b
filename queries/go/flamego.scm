; github.com/flamego/flamego v1: verbs with handler chains (the last one handles), Combo, Routes, Any, groups whose body takes
; no router. Known misses: routes of names that a URL is built from; NotFound.

(stub ["github.com/flamego/flamego.New" "github.com/flamego/flamego.Classic" "github.com/flamego/flamego.NewWithLogger"]
  returns: "github.com/flamego/flamego.Flame")
(stub "github.com/flamego/flamego.Flame" extends: "github.com/flamego/flamego.Router")
(stub ["github.com/flamego/flamego.Router.Combo" "github.com/flamego/flamego.Flame.Combo"]
  returns: "github.com/flamego/flamego.ComboRoute")
(stub "github.com/flamego/flamego.ComboRoute.*" returns: self)

((call receiver: (_) @endpoint.router
       method: ["Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "Connect" "Trace" "Any"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/flamego/flamego.Router")
  (#set! endpoint.methods
    "Get=GET Post=POST Put=PUT Patch=PATCH Delete=DELETE Head=HEAD Options=OPTIONS Connect=CONNECT Trace=TRACE Any=ANY")) @endpoint)
((call receiver: (_) @endpoint.router method: "Routes" argument[0]: (string) @endpoint.route argument[1]: (string) @endpoint.method
       argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/flamego/flamego.Router")) @endpoint)
((call receiver: (_) @endpoint.router
       method: ["Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "Connect" "Trace"] @endpoint.method
       argument[-1]: (_) @endpoint.handler
  (#type? @endpoint.router "github.com/flamego/flamego.ComboRoute")
  (#set! endpoint.methods
    "Get=GET Post=POST Put=PUT Patch=PATCH Delete=DELETE Head=HEAD Options=OPTIONS Connect=CONNECT Trace=TRACE")) @endpoint)

; One route with several verbs is a router of its own.
((call receiver: (_) @endpoint.router method: "Combo" argument[0]: (string) @endpoint.prefix
  (#type? @endpoint.router "github.com/flamego/flamego.Router")) @endpoint.group)
((call receiver: (_) @endpoint.router method: "Group" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.body
  (#type? @endpoint.router "github.com/flamego/flamego.Router")
  (#set! endpoint.nested)) @endpoint.group)
