Feature: Tasks
  A signed-in user keeps tasks. What is written is what is read, at the API and through the front end.

  Background:
    Given Ann is signed in

  @tasks-work-at-the-api @must @high @core
  @defect-av-valid-token-rejected @defect-av-task-crud-broken @rfc6750-2.1
  Scenario Outline: A signed-in user can <call> tasks at the API
    Given Ann has a fresh credential for the API
    When Ann calls the API to <call> her tasks
    Then the call succeeds and takes effect

    Examples:
      | call    |
      | list    |
      | create  |
      | read    |
      | replace |
      | update  |
      | delete  |

  @tasks-work-through-the-front-end @must @high @core @needs-proxy
  @defect-av-proxy-forwards-unusable-credential @rfc6750-2.1
  Scenario Outline: A signed-in user can <call> tasks through the front end
    Given Ann's browser is signed in at the front end
    When Ann calls the front end to <call> her tasks
    Then the call succeeds and takes effect

    Examples:
      | call    |
      | list    |
      | create  |
      | read    |
      | replace |
      | update  |
      | delete  |

  @isolation-front-end-lists-own-tasks-only @must @critical @core @needs-proxy
  @defect-se-session-bleed-between-users @asvs-8.2.2 @api1-2023 @cwe-639 @cwe-488
  Scenario: The front end lists a user's own tasks, and no other user's
    Given Bob is signed in
    And Ann and Bob each have a task
    When Ann and Bob list their tasks through the front end
    Then each list has its user's task and nothing of the other user's

  @tasks-valid-variants-are-accepted @should @high @core @needs-shared-secret
  @defect-av-valid-token-rejected @rfc7519-2 @rfc7519-4 @rfc7519-4.1.3 @rfc7519-5.1
  Scenario Outline: A valid token <variant> is accepted
    Given Ann has a task
    And a clone of Ann's token opens her tasks
    When Ann's token is signed again <variant>
    Then it opens Ann's tasks too

    Examples:
      | variant                     |
      | without a type              |
      | with the type JWT           |
      | with an unknown claim       |
      | with a fractional expiry    |
      | with a list of one audience |
