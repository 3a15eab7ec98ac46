Feature: Isolation
  No user may see or change another user's tasks. Who the user is comes from the verified credential alone.

  Background:
    Given Ann and Bob are signed in
    And Ann and Bob each have a task
    And Ann and Bob each see their own task

  @isolation-list-holds-own-tasks-only @must @critical @core
  @defect-is-list-leaks-other-users @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario Outline: A list requested <how> contains no other user's tasks
    When Bob lists his tasks <how>, to see Ann's
    Then the responses to Bob contain nothing of Ann's

    Examples:
      | how                    |
      | plainly                |
      | with a high limit      |
      | from the second page   |
      | sorted by title        |
      | searching for her task |

  @idor-task-read-is-refused @must @critical @core
  @defect-is-read-other-item @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario: Another person's task can't be read
    Given Ann can read her tasks
    When Bob tries to read Ann's task
    Then it is refused

  @idor-task-change-is-refused @must @critical @core
  @defect-is-update-other-item @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario Outline: No user may <call> another user's task
    Given Ann can <call> her tasks
    When Bob tries to <call> Ann's task
    Then it is refused or has no effect

    Examples:
      | call    |
      | replace |
      | update  |

  @idor-task-delete-is-refused @must @critical @core
  @defect-is-delete-other-item @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario: No user may delete another user's task
    Given Ann can delete her tasks
    When Bob tries to delete Ann's task
    Then it is refused or has no effect

  @isolation-owner-is-the-caller @must @high @core
  @defect-is-owner-from-body @asvs-15.3.3 @asvs-8.2.3 @api3-2023 @wstg-inpv-20 @cwe-915 @cwe-639
  Scenario: No user may create a task for another user by naming them as its owner
    When Bob creates a task that names Ann as its owner
    Then Ann's list contains no such task
    And Bob's list contains it, unless it was refused

  @isolation-owner-is-kept-by-updates @must @high
  @defect-is-owner-reassigned-by-update @asvs-8.2.3 @api3-2023 @cwe-915
  Scenario Outline: No <call> of a task may give it to another user, or take it from one
    Given Ann can <call> her tasks
    When Ann tries to <call> her task and names Bob as its owner
    And Bob tries to <call> Ann's task and names himself as its owner
    Then the task is still Ann's, and not Bob's

    Examples:
      | call    |
      | replace |
      | update  |

  @isolation-identity-from-credential-only @must @critical @core
  @defect-is-identity-from-request @asvs-8.3.1 @asvs-4.1.3 @api1-2023 @cwe-639 @cwe-290
  Scenario Outline: No user may act as another user by naming them in <hint>
    When Bob lists and creates tasks, naming Ann in <hint>
    Then the responses to Bob contain nothing of Ann's
    And Ann's list contains no such task

    Examples:
      | hint                        |
      | the query                   |
      | the path                    |
      | the header X-User-Id        |
      | the header X-User-Email     |
      | the header X-Forwarded-User |
      | the header Remote-User      |
      | the header X-Auth-User-Id   |
      | a cookie                    |

  @isolation-further-routes-are-isolated @must @critical @needs-further-routes
  @defect-is-undeclared-route-not-isolated @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario: No user may see or change another user's data by a further route
    Given Ann can call every further route
    When Bob calls every further route with Ann's task
    Then every one of them is refused or has no effect

  @isolation-user-id-is-compared-exactly @must @high @needs-shared-secret
  @defect-is-user-id-loose-match @part-of-asvs-8.2.2 @cwe-639 @cwe-1023
  Scenario Outline: Ann's id <loose> opens none of her tasks
    Given a clone of Ann's token opens her tasks
    When an attacker lists tasks with a token of Bob's that has Ann's id <loose>
    Then the responses to Bob contain nothing of Ann's

    Examples:
      | loose                        |
      | without its last character   |
      | in other case                |
      | with a percent sign after it |
      | replaced by a percent sign   |
      | with a space after it        |
      | with another letter after it |

  @sql-injection-opens-no-tasks @must @critical
  @defect-is-task-id-injection @asvs-1.2.4 @wstg-inpv-05 @cwe-89
  Scenario Outline: SQL in <place> opens no other user's tasks
    When Bob reads and lists tasks with SQL in <place>
    Then the responses to Bob contain nothing of Ann's
    And a lone quote there breaks nothing

    Examples:
      | place            |
      | the id of a task |
      | a search         |
      | a filter         |
      | an order         |

  @isolation-cached-list-is-its-owners @must @critical
  @defect-is-response-cache-bleed @part-of-asvs-14.2.2 @asvs-8.2.2 @rfc9111-3.5 @cwe-524 @cwe-639
  Scenario Outline: A list that was just given <where> is given to no other client
    When Ann lists her tasks twice <where>, and then Bob and an anonymous client do
    Then the responses to Bob contain nothing of Ann's

    Examples:
      | where                 |
      | at the API            |
      | through the front end |

  @isolation-front-end-acts-for-its-caller @must @critical @needs-proxy
  @defect-is-proxy-uses-shared-credential @asvs-8.2.2 @part-of-asvs-8.3.3 @cwe-441 @cwe-639
  Scenario: The front end acts for its caller, and for no anonymous client
    When Ann, Bob and an anonymous client each try to create a task through the front end
    Then each new task is in its creator's list alone
    And the anonymous client is not served

  @isolation-existence-is-hidden @may @low
  @defect-is-existence-oracle @rfc9110-15.5.4 @part-of-asvs-8.2.2 @cwe-204
  Scenario: Another user's task is answered as one that does not exist
    When Bob asks for Ann's task and for one that does not exist
    Then the responses have the same status
