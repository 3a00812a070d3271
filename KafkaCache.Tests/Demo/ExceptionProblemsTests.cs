using Confluent.Kafka;
using KafkaCaching.Demo.Http;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace KafkaCaching.Tests.Demo;

public class ExceptionProblemsTests
{
    public static TheoryData<Exception, int> Mapped => new()
    {
        { new CacheNotReadyException("Wait.", CachePhase.Replaying, 0.4), 503 },
        { new CacheFaultedException("Faulted.", new InvalidOperationException("Why.")), 500 },
        { new PutException("Refused.", PutOutcome.NotCommitted), 503 },
        { new PutException("Timed out.", PutOutcome.Unknown), 504 },
        { new PutException("Too large.", PutOutcome.NotCommitted, innerException: new KafkaException(ErrorCode.MsgSizeTooLarge)), 413 },
        { new RecordErrorException("Can't be decoded.", 3, 1042, RecordErrorReason.UndecodableValue), 500 },
        { new BadHttpRequestException("Request body too large.", 413), 413 },
        { new BadHttpRequestException("Bad chunk.", 400), 400 },
        { new ObjectDisposedException("cache"), 503 },
        { new OperationCanceledException(), 503 },
    };

    [Theory]
    [MemberData(nameof(Mapped), DisableDiscoveryEnumeration = true)]
    public void An_exception_has_its_status_and_says_something(Exception exception, int status)
    {
        var problem = ExceptionProblems.Of(exception);

        Assert.Equal(status, problem?.Status);
        Assert.NotEqual("", problem?.Detail);
    }

    [Fact]
    public void Not_ready_tells_how_far_it_is_and_when_to_try_again()
    {
        var problem = ExceptionProblems.Of(new CacheNotReadyException("Wait.", CachePhase.Replaying, 0.4))!;

        Assert.NotNull(problem.RetryAfter);
        Assert.Equal("Replaying", problem.Extensions["phase"]);
        Assert.Equal(0.4, problem.Extensions["progress"]);
    }

    [Fact]
    public void An_unknown_outcome_is_not_called_safe_to_repeat()
    {
        var problem = ExceptionProblems.Of(new PutException("Timed out.", PutOutcome.Unknown))!;

        Assert.Null(problem.RetryAfter);
        Assert.Equal("Outcome unknown", problem.Title);
    }

    [Fact]
    public void What_nobody_foresaw_is_no_problem_of_the_table() =>
        Assert.Null(ExceptionProblems.Of(new InvalidOperationException("A secret.")));
}
