; rocket 0.4 and 0.5: attribute routes, mounts, managed state.
; A route counts where it is mounted, so that `#[macro_use] extern crate rocket` needs no import.
; Lists of routes are followed through functions, variables, `append` and `extend`.
; Known misses: routes made by hand (`Route::new`).

(stub ["rocket::State" "rocket::serde::json::Json" "rocket::form::Form"] wraps: 0)
(stub ["rocket::build" "rocket::ignite" "rocket::custom" "rocket::Rocket::build"] returns: "rocket::Rocket")
(stub "rocket::Rocket::*" returns: self)
(stub ["routes!" "rocket::routes!" "openapi_get_routes!" "rocket_okapi::openapi_get_routes!" "openapi_routes!" "rocket_okapi::openapi_routes!"
       "openapi_get_routes_spec!" "rocket_okapi::openapi_get_routes_spec!" "revolt_rocket_okapi::openapi_get_routes_spec!"]
  returns: arguments)

(definition kind: "function"
  attribute: (call callee: [(name ["get" "post" "put" "delete" "head" "options" "patch"] @endpoint.method)
                            (member base: (name "rocket") name: ["get" "post" "put" "delete" "head" "options" "patch"] @endpoint.method)] @_verb
    argument[0]: (text) @endpoint.route)
  (#not-is? @_verb "actix_web::*")
  (#set! endpoint.mounted)
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD options=OPTIONS")) @endpoint

; What okapi documents is a route of rocket though its mount is a macro that nobody reads: without the prefix then.
(definition kind: "function"
  attribute: (call callee: [(name ["get" "post" "put" "delete" "head" "options" "patch"] @endpoint.method)
                            (member base: (name "rocket") name: ["get" "post" "put" "delete" "head" "options" "patch"] @endpoint.method)] @_verb
    argument[0]: (text) @endpoint.route)
  attribute: (call callee: [(name) (member)] @_documented)
  (#not-is? @_verb "actix_web::*")
  (#any-of? @_documented "openapi" "rocket_okapi::openapi")
  (#set! endpoint.methods "get=GET post=POST put=PUT patch=PATCH delete=DELETE head=HEAD options=OPTIONS")) @endpoint

; .mount("/api", routes![list, show]), .mount("/api", api::routes())
(call receiver: (_) @endpoint.router method: "mount" argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler
  (#type? @endpoint.router "rocket::Rocket")) @endpoint.mount

; okapi: mount_endpoints_and_merged_docs! { rocket, "/v1".to_owned(), settings, "/orders" => orders::routes(), "" => root() }
((call callee: (_) @_mount argument[0]: (_) @endpoint.router argument[1]: (string) @endpoint.prefix argument[*]: (mapping) @endpoint.list) @endpoint.mount
  (#match? @_mount "^mount_endpoints_and_merged_docs!$")
  (#type? @endpoint.router "rocket::Rocket"))
