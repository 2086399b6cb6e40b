; Routes that a function hands out as a table of paths and methods, for whoever mounts it (a host of plugins):
; `map[string]map[string]Handler{"orders/:id": {"GET": show}}`. Only where each key is an HTTP method and each value a function of the program.
; Known misses: the path of the mount, where it is no loop over the table; tables that are put together from others.

((definition kind: ["method" "function"]
   return: (mapping key: [(mapping key[GET]: (_)) (mapping key[POST]: (_)) (mapping key[PUT]: (_)) (mapping key[PATCH]: (_)) (mapping key[DELETE]: (_))])
     @endpoint.table) @endpoint.handler)
