; django-dynamic-preferences 1: preferences of the whole site, kept in a table.
; Known misses: preferences of single rows, forms and views of the package.

(stub "dynamic_preferences.registries.global_preferences_registry.manager" returns: "dynamic_preferences.managers.PreferencesManager")
((call receiver: (_) @_kept method: ["get" "all" "by_name" "get_by_name" "load_from_db"]) @access
  (#type? @_kept "dynamic_preferences.managers.PreferencesManager")
  (#set! operation "select") (#set! access.store "dynamic_preferences_globalpreferencemodel") (#set! access.confidence "likely"))
((index base: (_) @_kept) @access
  (#type? @_kept "dynamic_preferences.managers.PreferencesManager")
  (#set! operation "select") (#set! access.store "dynamic_preferences_globalpreferencemodel") (#set! access.confidence "likely"))
((assign target: (index base: (_) @_kept)) @access
  (#type? @_kept "dynamic_preferences.managers.PreferencesManager")
  (#set! operation "upsert") (#set! access.store "dynamic_preferences_globalpreferencemodel") (#set! access.confidence "likely"))
