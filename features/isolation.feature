Feature: Isolation
  Each person's tasks are theirs alone. Who somebody is comes from the verified credential and from nowhere else.

  Background:
    Given Ann and Bob are signed in
    And Ann and Bob each have a task
    And Ann and Bob each see their own task

  @isolation-list-holds-own-tasks-only @must @critical @core
  @defect-is-list-leaks-other-users @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario Outline: A list asked for <how> holds nobody else's tasks
    When Bob lists his tasks <how>, to see Ann's
    Then nothing of Ann's is in what Bob got

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
    Given Ann herself can read her task
    When Bob tries to read Ann's task
    Then it is refused

  @idor-task-change-is-refused @must @critical @core
  @defect-is-update-other-item @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario Outline: Nobody can <call> another person's task
    Given Ann herself can <call> her task
    When Bob tries to <call> Ann's task
    Then it is refused or did nothing

    Examples:
      | call    |
      | replace |
      | update  |

  @idor-task-delete-is-refused @must @critical @core
  @defect-is-delete-other-item @asvs-8.2.2 @api1-2023 @wstg-athz-04 @cwe-639
  Scenario: Another person's task can't be deleted
    Given Ann herself can delete her task
    When Bob tries to delete Ann's task
    Then it is refused or did nothing

  @isolation-owner-is-the-caller @must @high @core
  @defect-is-owner-from-body @asvs-15.3.3 @asvs-8.2.3 @api3-2023 @wstg-inpv-20 @cwe-915 @cwe-639
  Scenario: Naming another owner in the body gives nobody a task
    When Bob creates a task that names Ann as its owner
    Then no such task is in Ann's list
    And it is in Bob's list unless it was refused

  @isolation-identity-from-credential-only @must @critical @core
  @defect-is-identity-from-request @asvs-8.3.1 @asvs-4.1.3 @api1-2023 @cwe-639 @cwe-290
  Scenario Outline: Naming somebody else in <hint> shows and makes nothing of theirs
    When Bob lists and creates tasks, naming Ann in <hint>
    Then nothing of Ann's is in what Bob got
    And no such task is in Ann's list

    Examples:
      | hint                        |
      | the query                   |
      | the path                    |
      | the header X-User-Id        |
      | the header X-User-Email     |
      | the header X-Forwarded-User |
      | a cookie                    |
