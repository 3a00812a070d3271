using Confluent.Kafka;
using KafkaCaching.AspNetCore.Problems;
using KafkaCaching.Hybrid;
using KafkaCaching.Jobs;
using KafkaCaching.Puts;

namespace KafkaCaching.Tests.AspNetCore.Problems;

public sealed class CacheProblemTests
{
    private const string Canary = "canary";

    public static TheoryData<Exception, int, bool> Mapped => new()
    {
        { NotReady(CachePhase.Starting), 503, true },
        { NotReady(CachePhase.Replaying), 503, true },
        { NotReady(CachePhase.Stale), 503, true },
        { new RefreshedCacheNotReadyException(Canary), 503, true },
        { new CacheFaultedException(Canary, new InvalidOperationException(Canary)), 500, false },
        { new RecordErrorException(Canary, 3, 1042, RecordErrorReason.UndecodableValue), 500, false },
        { new PutException(Canary, PutOutcome.NotCommitted) { Refusal = PutRefusal.Size }, 413, false },
        { new PutException(Canary, PutOutcome.NotCommitted, innerException: new KafkaException(ErrorCode.MsgSizeTooLarge)), 413, false },
        {
            new PutException(Canary, PutOutcome.NotCommitted, innerException: new FormatException(Canary))
            {
                Refusal = PutRefusal.Validation,
            },
            422, false
        },
        { new PutException(Canary, PutOutcome.NotCommitted, innerException: new FormatException(Canary)), 500, false },
        { new PutException(Canary, PutOutcome.NotCommitted, innerException: new KafkaException(ErrorCode.Local_MsgTimedOut)), 503, true },
        { new PutException(Canary, PutOutcome.Unknown, innerException: new KafkaException(ErrorCode.Local_MsgTimedOut)), 504, false },
        { new PutException(Canary, PutOutcome.Committed, new PutResult(3, 1042, DateTimeOffset.UnixEpoch)), 504, false },
        { new OnlyIfCachedException(Canary), 504, false },
    };

    [Theory]
    [MemberData(nameof(Mapped), DisableDiscoveryEnumeration = true)]
    public void Each_exception_has_its_status_and_says_to_try_again_only_where_that_helps(Exception exception, int status, bool again)
    {
        var problem = Of(exception)!;

        Assert.Equal((status, again), (problem.Status, problem.RetryAfter is not null));
    }

    [Theory]
    [MemberData(nameof(Mapped), DisableDiscoveryEnumeration = true)]
    public void Nothing_that_the_exception_says_is_in_the_answer(Exception exception, int status, bool again)
    {
        var details = Of(exception)!.Details();

        Assert.Equal((status, again), (details.Status, Of(exception)!.RetryAfter is not null));
        Assert.All<object?>(
            [details.Title, details.Detail, .. details.Extensions.Values],
            static said => Assert.DoesNotContain(Canary, $"{said}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.2, 0.2)]
    [InlineData(12.0, 12.0)]
    [InlineData(600.0, 60.0)]
    [InlineData(0.0, 5.0)]
    [InlineData(null, 5.0)]
    public void Not_ready_is_to_be_tried_again_when_the_estimate_says_within_bounds(double? estimateSeconds, double expectedSeconds)
    {
        var estimate = estimateSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;

        var problem = CacheProblem.Of(NotReady(CachePhase.Replaying), name => name == "users" ? estimate : null)!;

        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), problem.RetryAfter);
        Assert.Equal(("Replaying", 0.4), (problem.Extensions["phase"], problem.Extensions["progress"]));
    }

    [Fact]
    public void A_put_says_what_is_known_of_it()
    {
        Assert.Equal("Unknown", Of(new PutException(Canary, PutOutcome.Unknown))!.Extensions["outcome"]);
        Assert.Equal(
            "3:1042",
            Of(new PutException(Canary, PutOutcome.Committed, new PutResult(3, 1042, DateTimeOffset.UnixEpoch)))!.Extensions["position"]);
    }

    [Fact]
    public void Exceptions_of_others_are_left_alone()
    {
        Assert.Null(Of(new InvalidOperationException(Canary)));
        Assert.Null(Of(new TimeoutException(Canary)));
        Assert.Null(Of(new KafkaException(ErrorCode.MsgSizeTooLarge)));
    }

    private static CacheProblem? Of(Exception exception) => CacheProblem.Of(exception, static _ => null);

    private static CacheNotReadyException NotReady(CachePhase phase) => new(Canary, phase, 0.4) { Cache = "users" };
}
