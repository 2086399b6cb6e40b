; GraphQL servers: Strawberry (also its Django fields), Graphene, Ariadne.
; Root types are told by their names (`Query`, `UserMutations`). Known misses: resolvers of fields of other types; a base class
; of the project's own that runs `mutate` for the classes below it; Ariadne's `set_field`.

; Strawberry: decorated methods of root types, and fields that name their resolver.
((definition kind: "method" name: _ @endpoint.route attribute: [(call callee: (_) @_field) (_) @_field]
    inside: (definition kind: "type" name: _ @_type)) @endpoint
  (#is? @_field "strawberry.field" "strawberry_django.field" "strawberry.django.field")
  (#match? @_type "Query|Queries")
  (#set! endpoint.method "QUERY"))
((definition kind: "method" name: _ @endpoint.route attribute: [(call callee: (_) @_field) (_) @_field]
    inside: (definition kind: "type" name: _ @_type)) @endpoint
  (#is? @_field "strawberry.field" "strawberry.mutation" "strawberry_django.field" "strawberry_django.mutation" "strawberry.django.mutation")
  (#match? @_type "Mutation")
  (#set! endpoint.method "MUTATION"))
((definition kind: "method" name: _ @endpoint.route attribute: [(call callee: (_) @_field) (_) @_field]) @endpoint
  (#is? @_field "strawberry.subscription")
  (#set! endpoint.method "SUBSCRIPTION"))
((definition kind: "field" name: _ @endpoint.route value: (call callee: (_) @_field keyword[resolver]: (_) @endpoint.handler)
    inside: (definition kind: "type" name: _ @_type)) @endpoint
  (#is? @_field "strawberry.field")
  (#match? @_type "Query|Queries")
  (#set! endpoint.method "QUERY"))
((definition kind: "field" name: _ @endpoint.route value: (call callee: (_) @_field keyword[resolver]: (_) @endpoint.handler)
    inside: (definition kind: "type" name: _ @_type)) @endpoint
  (#is? @_field "strawberry.field" "strawberry.mutation")
  (#match? @_type "Mutation")
  (#set! endpoint.method "MUTATION"))

; Graphene: `resolve_x` of a root type, `mutate` of a mutation.
((definition kind: "method" name: _ @endpoint.route inside: (definition kind: "type" name: _ @_name) @_type) @endpoint
  (#is? @_type "graphene.ObjectType" "graphene.types.objecttype.ObjectType")
  (#match? @endpoint.route "^resolve_")
  (#match? @_name "Query|Queries")
  (#set! endpoint.strip "resolve_")
  (#set! endpoint.method "QUERY"))
((definition kind: "method" name: "mutate" inside: (definition kind: "type" name: _ @endpoint.route) @_type) @endpoint
  (#is? @_type "graphene.Mutation" "graphene.types.mutation.Mutation")
  (#set! endpoint.method "MUTATION"))
((definition kind: "method" name: "mutate_and_get_payload" inside: (definition kind: "type" name: _ @endpoint.route) @_type) @endpoint
  (#is? @_type "graphene.relay.ClientIDMutation" "graphene.ClientIDMutation")
  (#set! endpoint.method "MUTATION"))

; Ariadne: resolvers bound to the fields of a root type.
((definition attribute: (call receiver: (_) @_root method: "field" argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @_root "ariadne.QueryType")
  (#set! endpoint.method "QUERY"))
((definition attribute: (call receiver: (_) @_root method: "field" argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @_root "ariadne.MutationType")
  (#set! endpoint.method "MUTATION"))
((definition attribute: (call receiver: (_) @_root method: "source" argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @_root "ariadne.SubscriptionType")
  (#set! endpoint.method "SUBSCRIPTION"))
