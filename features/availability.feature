Feature: Availability
  Many requests at once are each answered for their own user, and no single one keeps the others waiting.

  Background:
    Given Ann and Bob are signed in

  @availability-parallel-requests-are-answered @should @medium @needs-tasks
  @defect-av-parallel-requests-fail @part-of-asvs-2.3.4 @cwe-362
  Scenario: Requests at the same moment are each answered with their own user's tasks
    Given Ann and Bob each have a task
    And Ann and Bob each see their own task
    When Ann and Bob each list their tasks 10 times, all at the same moment
    Then each response has its user's task and nothing of the other user's

  @availability-parallel-signins-stay-apart @should @medium
  @defect-av-parallel-requests-fail @part-of-asvs-2.3.4 @cwe-362
  Scenario: Users who sign in at the same moment get a session each of their own
    When Ann and Bob sign in at the same moment
    Then each is given a session of their own

  @availability-long-address-is-checked-quickly @should @medium
  @defect-av-regex-dos @part-of-asvs-1.3.12 @cwe-1333
  Scenario Outline: An address of <address> keeps no other request waiting
    When an attacker sends <address> as the address to sign-in and to sign-up
    Then each is answered within 5 seconds
    And Ann's session is still shown within 5 seconds

    Examples:
      | address                       |
      | 40,000 letters and no @       |
      | 20,000 labels after the @     |
      | 20,000 @ signs                |

  @availability-large-body-is-refused @should @low @needs-intrusive
  @defect-av-large-body-accepted @part-of-asvs-2.2.1 @cwe-770
  Scenario Outline: A body of 5 MB (<body>) is refused quickly
    When an attacker sends <body> of 5 MB to sign-in
    Then it is refused within 5 seconds, or the connection is closed
    And Ann's session is still shown within 5 seconds

    Examples:
      | body         |
      | a JSON text  |
      | a form field |

  @availability-costly-token-is-refused @should @medium @needs-intrusive @needs-token
  @defect-av-pbes2-iterations @rfc8725bis-3.13 @cwe-400
  Scenario: A token that is costly to decrypt is refused quickly
    Given Ann has a task
    And Ann's credential opens her tasks
    When an attacker requests Ann's tasks with a token whose key takes 50,000,000 iterations
    Then it is refused promptly, without a crash
    And Ann's credential still opens her tasks
