; django-guardian 2 and 3: permissions for single rows, by the package's shortcuts.
; Known misses: permission tables of a model's own, rows of the model that only the permission's text names.

; The rows' model may stand in the permission's text alone: nothing is said of what is asked of the query then.
(stub ["guardian.shortcuts.get_objects_for_user" "guardian.shortcuts.get_objects_for_group"] returns: "guardian.Rows")
; Who may do what: rows of the permissions, and of those for single rows.
((call callee: (_) @_asks) @access
  (#is? @_asks "guardian.shortcuts.get_objects_for_user" "guardian.shortcuts.get_objects_for_group" "guardian.shortcuts.get_users_with_perms"
     "guardian.shortcuts.get_groups_with_perms" "guardian.shortcuts.get_perms" "guardian.shortcuts.get_group_perms" "guardian.shortcuts.assign_perm" "guardian.shortcuts.remove_perm")
  (#set! operation "select") (#set! access.store "auth_permission") (#set! access.confidence "likely"))
((call callee: (_) @_asks) @access
  (#is? @_asks "guardian.shortcuts.get_objects_for_user" "guardian.shortcuts.get_objects_for_group" "guardian.shortcuts.get_users_with_perms"
     "guardian.shortcuts.get_groups_with_perms" "guardian.shortcuts.get_perms" "guardian.shortcuts.get_group_perms")
  (#set! operation "select") (#set! access.store "guardian_groupobjectpermission") (#set! access.confidence "likely")
  (#set! access.unless "with_group_users=False use_groups=False"))
((call callee: (_) @_asks) @access
  (#is? @_asks "guardian.shortcuts.get_objects_for_user" "guardian.shortcuts.get_users_with_perms" "guardian.shortcuts.get_perms" "guardian.shortcuts.get_user_perms")
  (#set! operation "select") (#set! access.store "guardian_userobjectpermission") (#set! access.confidence "likely"))
; A user's groups count.
((call callee: (_) @_asks argument[0]: (_) @access.target) @access
  (#is? @_asks "guardian.shortcuts.get_objects_for_user" "guardian.shortcuts.get_perms") (#type? @access.target "django.contrib.auth.models.PermissionsMixin" "django.contrib.auth.models.User")
  (#set! operation "select") (#set! access.also "instead") (#set! access.relations "groups") (#set! access.confidence "likely"))
; The query for the rows runs where its model is named.
((call callee: (_) @_asks [argument[2]: (_) @access.target keyword[klass]: (_) @access.target]) @access
  (#is? @_asks "guardian.shortcuts.get_objects_for_user" "guardian.shortcuts.get_objects_for_group")
  (#set! operation "select") (#set! access.confidence "likely"))
; Whose permissions these are stands in the registry of models; what was asked before is kept.
((call callee: (_) @_asks) @access
  (#is? @_asks "guardian.shortcuts.get_objects_for_user" "guardian.shortcuts.get_objects_for_group" "guardian.shortcuts.get_users_with_perms"
     "guardian.shortcuts.get_groups_with_perms" "guardian.shortcuts.get_perms" "guardian.shortcuts.get_user_perms" "guardian.shortcuts.get_group_perms")
  (#set! operation "select") (#set! access.store "django_content_type") (#set! access.confidence "likely"))
((call callee: (_) @_gives [argument[2]: (_) keyword[obj]: (_)]) @access
  (#is? @_gives "guardian.shortcuts.assign_perm" "guardian.shortcuts.remove_perm")
  (#set! operation "select") (#set! access.store "django_content_type") (#set! access.confidence "likely"))
; Permissions given and taken, of one row or of several; one that is given twice stays as it is.
((call callee: (_) @_gives [argument[1]: (_) @_who keyword[user_or_group]: (_) @_who] [argument[2]: (_) keyword[obj]: (_)]) @access
  (#is? @_gives "guardian.shortcuts.assign_perm") (#type? @_who "django.contrib.auth.models.Group")
  (#set! operation "insert") (#set! access.reads "*") (#set! access.store "guardian_groupobjectpermission") (#set! access.confidence "likely"))
((call callee: (_) @_gives [argument[1]: (_) @_who keyword[user_or_group]: (_) @_who] [argument[2]: (_) keyword[obj]: (_)]) @access
  (#is? @_gives "guardian.shortcuts.assign_perm") (#type? @_who "django.contrib.auth.models.PermissionsMixin" "django.contrib.auth.models.User")
  (#set! operation "insert") (#set! access.reads "*") (#set! access.store "guardian_userobjectpermission") (#set! access.confidence "likely"))
((call callee: (_) @_takes [argument[1]: (_) @_who keyword[user_or_group]: (_) @_who] [argument[2]: (_) keyword[obj]: (_)]) @access
  (#is? @_takes "guardian.shortcuts.remove_perm") (#type? @_who "django.contrib.auth.models.Group")
  (#set! operation "delete") (#set! access.store "guardian_groupobjectpermission") (#set! access.confidence "likely"))
((call callee: (_) @_takes [argument[1]: (_) @_who keyword[user_or_group]: (_) @_who] [argument[2]: (_) keyword[obj]: (_)]) @access
  (#is? @_takes "guardian.shortcuts.remove_perm") (#type? @_who "django.contrib.auth.models.PermissionsMixin" "django.contrib.auth.models.User")
  (#set! operation "delete") (#set! access.store "guardian_userobjectpermission") (#set! access.confidence "likely"))
