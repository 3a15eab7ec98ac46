Feature: Errors
  A malformed credential is refused. It crashes nothing, hangs nothing and opens nothing.

  Background:
    Given Ann is signed in
    And Ann has a task
    And Ann's credential opens her tasks

  @error-malformed-tokens-harm-no-valid-one @must @high @core @needs-tasks
  @defect-av-invalid-requests-poison-state @part-of-asvs-16.5.3 @cwe-460
  Scenario: A valid credential opens the tasks after malformed ones, too
    When an attacker requests Ann's tasks with these credentials
      | empty                          |
      | two dots                       |
      | bad base64                     |
      | a header that is a list        |
      | claims that are null           |
      | claims in bad UTF-8            |
      | no algorithm                   |
      | a key id that is an object     |
      | bytes beyond ASCII             |
      | her own with another signature |
    Then Ann's credential still opens her tasks

  @error-malformed-token-is-refused @must @high @core @needs-tasks
  @defect-eh-malformed-token-5xx @rfc6750-3.1 @asvs-16.5.3 @ghsa-xmf8-cvqr-rfgj @cwe-755 @cwe-248
  Scenario Outline: A malformed credential (<odd>) is refused without a crash
    When an attacker requests Ann's tasks with a malformed credential: <odd>
    Then it is refused promptly, without a crash
    And Ann's credential still opens her tasks

    Examples:
      | odd                           |
      | empty                         |
      | one letter                    |
      | one dot                       |
      | two dots                      |
      | two words                     |
      | three words                   |
      | five words                    |
      | bad base64                    |
      | a header that is a list       |
      | a header that is a number     |
      | a header that is null         |
      | a header that is text         |
      | a header that is not JSON     |
      | claims that are a list        |
      | claims that are text          |
      | claims that are null          |
      | claims in bad UTF-8           |
      | no algorithm                  |
      | an algorithm that is null     |
      | an algorithm that is a number |
      | an algorithm that is a list   |
      | a key id that is a number     |
      | a key id that is an object    |
      | a key id that is a path       |
      | bytes beyond ASCII            |
      | a NUL byte                    |
      | eight kilobytes               |
      | the scheme alone              |
      | the scheme and spaces         |
      | sent twice                    |
      | her own, cut short            |
      | her own under another name    |
