; django-dynamic-preferences 1: preferences of the whole site, kept in a table,
; and those of single rows, which a model of the program's own keeps (`order.preferences["kind"]`).
; Known misses: forms and views of the package; a preference that is read for the first time gets its row.

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
; Preferences of a row: the other side of the relation that their model has to it, under the name that the package asks for.
((call receiver: (member name: "preferences") @access.receiver method: ["get_by_name" "by_name"]) @access
  (#type? @access.receiver "django.db.models.QuerySet")
  (#set! operation "select") (#set! access.confidence "likely"))
((index base: (member name: "preferences") @access.receiver index: (text)) @access
  (#type? @access.receiver "django.db.models.QuerySet")
  (#set! operation "select") (#set! access.confidence "likely"))
((assign target: (index base: (member name: "preferences") @access.receiver)) @access
  (#type? @access.receiver "django.db.models.QuerySet")
  (#set! operation "upsert") (#set! access.confidence "likely"))
(stub "dynamic_preferences.models.PerInstancePreferenceModel" extends: "django.db.models.Model")
