; Django Ninja and Ninja Extra: operations of an API and its routers, controllers. Known misses: operations given
; to `add_api_operation`.

((definition attribute: (call receiver: (_) @endpoint.router method: ["get" "post" "put" "patch" "delete"] @endpoint.method
     [argument[0]: (string) @endpoint.route keyword[path]: (string) @endpoint.route])) @endpoint
  (#type? @endpoint.router "ninja.NinjaAPI" "ninja.Router")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE"))
((definition attribute: (call receiver: (_) @endpoint.router method: "api_operation" argument[0]: (sequence item[*]: (text) @endpoint.method) argument[1]: (string) @endpoint.route)) @endpoint
  (#type? @endpoint.router "ninja.NinjaAPI" "ninja.Router"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "ninja.NinjaAPI" "ninja.Router"))
((call receiver: (_) @endpoint.router method: "add_router" [argument[0]: (string) @endpoint.prefix keyword[prefix]: (string) @endpoint.prefix]
   [argument[1]: (_) @endpoint.handler keyword[router]: (_) @endpoint.handler]) @endpoint.mount
  (#type? @endpoint.router "ninja.NinjaAPI" "ninja.Router"))
((call callee: (_) @_path [argument[0]: (string) @endpoint.prefix keyword[route]: (string) @endpoint.prefix]
   [argument[1]: (member base: (_) @endpoint.handler name: "urls") keyword[view]: (member base: (_) @endpoint.handler name: "urls")]) @endpoint.mount
  (#is? @_path "django.urls.path" "django.urls.re_path") (#type? @endpoint.handler "ninja.NinjaAPI"))
(stub ["ninja_extra.NinjaExtraAPI" "ninja.main.NinjaAPI" "ninja_extra.main.NinjaExtraAPI"] same: "ninja.NinjaAPI")
(stub "ninja.router.Router" same: "ninja.Router")
(stub "ninja.NinjaAPI.urls" is: "ninja.Urls")

; Controllers are classes with their prefix in the decorator.
((definition kind: "method" attribute: (call callee: (_) @_http argument[0]: (string) @endpoint.route)
   inside: (definition kind: "type" attribute: (call callee: (_) @_controller argument[0]: (string) @endpoint.prefix))) @endpoint
  (#is? @_controller "ninja_extra.api_controller") (#is? @_http "ninja_extra.http_get" "ninja_extra.route.get") (#set! endpoint.method "GET"))
((definition kind: "method" attribute: (call callee: (_) @_http argument[0]: (string) @endpoint.route)
   inside: (definition kind: "type" attribute: (call callee: (_) @_controller argument[0]: (string) @endpoint.prefix))) @endpoint
  (#is? @_controller "ninja_extra.api_controller") (#is? @_http "ninja_extra.http_post" "ninja_extra.route.post") (#set! endpoint.method "POST"))
((definition kind: "method" attribute: (call callee: (_) @_http argument[0]: (string) @endpoint.route)
   inside: (definition kind: "type" attribute: (call callee: (_) @_controller argument[0]: (string) @endpoint.prefix))) @endpoint
  (#is? @_controller "ninja_extra.api_controller") (#is? @_http "ninja_extra.http_put" "ninja_extra.route.put") (#set! endpoint.method "PUT"))
((definition kind: "method" attribute: (call callee: (_) @_http argument[0]: (string) @endpoint.route)
   inside: (definition kind: "type" attribute: (call callee: (_) @_controller argument[0]: (string) @endpoint.prefix))) @endpoint
  (#is? @_controller "ninja_extra.api_controller") (#is? @_http "ninja_extra.http_delete" "ninja_extra.route.delete") (#set! endpoint.method "DELETE"))
