Feature: Malformed requests
  A request that makes no sense is refused or ignored. It crashes nothing, and the next valid request is served.

  Background:
    Given Zoe has an account of her own

  @error-malformed-body-breaks-nothing @must @high
  @defect-eh-malformed-body-5xx @defect-av-invalid-requests-poison-state @rfc9110-15.5.1 @part-of-asvs-16.5.3
  @cwe-755
  Scenario Outline: A body that is <body> crashes no operation
    Given valid requests of Zoe's work
    When Zoe sends <body> as the body of each operation on her tasks and her account
    Then the server breaks at none of them
    And valid requests of Zoe's still work

    Examples:
      | body                    |
      | malformed JSON          |
      | empty                   |
      | a list                  |
      | null                    |
      | a number                |
      | a text                  |
      | an object of no fields  |
      | numbers for texts       |
      | lists for texts         |
      | objects for texts       |
      | null for texts          |
      | bytes that are no UTF-8 |
      | 100,000 brackets        |
      | a number of 5000 digits |

  @error-malformed-password-body-breaks-nothing @must @medium
  @defect-eh-malformed-body-5xx @rfc9110-15.5.1 @part-of-asvs-16.5.3 @cwe-755
  Scenario Outline: A body that is <body> crashes no operation that takes a password
    Given Zoe's own session opens her session endpoint
    When Zoe sends <body> as the body of each operation that takes a password
    Then the server breaks at none of them
    And valid requests of Zoe's still work

    Examples:
      | body                    |
      | malformed JSON          |
      | null                    |
      | objects for texts       |
      | bytes that are no UTF-8 |
      | 100,000 brackets        |

  @error-odd-text-breaks-nothing @should @low
  @defect-eh-unicode-edge-5xx @rfc8259-8.2 @part-of-asvs-16.5.3 @cwe-176 @cwe-755
  Scenario Outline: A title or a name that is <body> crashes no operation
    Given valid requests of Zoe's work
    When Zoe sends <body> as the body of each operation on her tasks and her account
    Then the server breaks at none of them
    And valid requests of Zoe's still work

    Examples:
      | body             |
      | a NUL character  |
      | a lone surrogate |
      | NaN              |
      | Infinity         |

  @error-odd-id-breaks-nothing @should @low @needs-tasks
  @defect-eh-bad-id-5xx @part-of-asvs-2.2.1 @part-of-asvs-16.5.3 @cwe-190 @cwe-755
  Scenario Outline: A task id that is <id> crashes no operation
    Given valid requests of Zoe's work
    When Zoe calls each operation on a task with the id <id>
    Then the server breaks at none of them
    And valid requests of Zoe's still work

    Examples:
      | id                      |
      | zero                    |
      | a negative number       |
      | a number of 23 digits   |
      | a fraction              |
      | a word                  |
      | a NUL byte              |
      | a percent sign          |
      | a byte that is no UTF-8 |
      | two kilobytes           |

  @error-unknown-method-breaks-nothing @should @low
  @defect-eh-405-or-unknown-method-5xx @rfc9110-15.5.6 @part-of-asvs-4.1.4
  Scenario Outline: The method <method> crashes nothing where it is not supported
    Given Zoe's own session opens her session endpoint
    When Zoe sends <method> to the addresses of sign-in, of her session and of her tasks
    Then the server breaks at none of them
    And valid requests of Zoe's still work

    Examples:
      | method   |
      | PUT      |
      | PATCH    |
      | PROPFIND |
      | FOO      |

  @error-trace-is-disabled @should @low
  @defect-eh-trace-enabled @asvs-13.4.4 @rfc9110-9.3.8 @wstg-conf-06 @cwe-693
  Scenario: TRACE repeats no header of a request
    Given Zoe's own session opens her session endpoint
    When an attacker sends TRACE with a header of its own
    Then no response repeats the header

  @error-authentication-comes-before-validation @should @low @needs-tasks
  @defect-eh-validation-before-auth @rfc9110-15.5.2 @part-of-asvs-8.2.1 @cwe-204
  Scenario Outline: An anonymous client with <mistake> is asked to sign in, not to correct it
    Given Ann is signed in
    And Ann has a task
    And an anonymous client is asked to sign in where Ann would be served: <mistake>
    When an anonymous client calls Ann's tasks with <mistake>
    Then it is asked to sign in all the same

    Examples:
      | mistake                |
      | malformed JSON         |
      | an object of no fields |
      | an unknown id          |
