Feature: Caching
  What was made for one person is kept by no cache that others share.

  Background:
    Given Ann is signed in
    And Ann has a task

  @caching-private-responses-are-not-shared @must @high @core
  @defect-hc-private-response-publicly-cacheable @rfc9111-5.2.2.7 @asvs-14.2.2 @cwe-524
  Scenario Outline: No shared cache may keep the <place> made for Ann
    Given Ann's own session opens her <place>
    When Ann asks for her <place>
    Then no shared cache may keep the answer

    Examples:
      | place            |
      | session endpoint |
      | token endpoint   |
      | protected page   |
      | task list        |

  @caching-api-responses-are-not-shared @must @high @core @needs-token
  @defect-hc-private-response-publicly-cacheable @rfc9111-3.5 @asvs-14.2.2 @cwe-524
  Scenario: No shared cache may keep the API's list of Ann's tasks
    Given Ann's token opens her tasks
    When Ann lists her tasks at the API
    Then no shared cache may keep the answer
