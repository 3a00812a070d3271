using Confluent.Kafka;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Replay;

public sealed class SourceErrorsTests
{
    private readonly ListLogger _logger = new();

    [Theory]
    [InlineData(ErrorCode.GroupAuthorizationFailed, nameof(SourceErrorAction.Ignore))]
    [InlineData(ErrorCode.Local_AutoOffsetReset, nameof(SourceErrorAction.Rebuild))]
    [InlineData(ErrorCode.OffsetOutOfRange, nameof(SourceErrorAction.Rebuild))]
    [InlineData(ErrorCode.Local_BadMsg, nameof(SourceErrorAction.Refetch))]
    [InlineData(ErrorCode.Local_BadCompression, nameof(SourceErrorAction.Refetch))]
    [InlineData(ErrorCode.Local_NotImplemented, nameof(SourceErrorAction.Refetch))]
    [InlineData(ErrorCode.TopicAuthorizationFailed, nameof(SourceErrorAction.Fault))]
    [InlineData(ErrorCode.Local_Fatal, nameof(SourceErrorAction.Reopen))]
    [InlineData(ErrorCode.Local_AllBrokersDown, nameof(SourceErrorAction.Wait))]
    [InlineData(ErrorCode.Local_Transport, nameof(SourceErrorAction.Wait))]
    [InlineData(ErrorCode.UnknownTopicOrPart, nameof(SourceErrorAction.Wait))]
    [InlineData(ErrorCode.NotLeaderForPartition, nameof(SourceErrorAction.Wait))]
    public void An_error_of_the_consumer_calls_for(ErrorCode code, string action) =>
        Assert.Equal(action, SourceErrors.Classify(new Error(code)).ToString());

    [Fact]
    public void A_fatal_error_of_any_code_calls_for_another_consumer() =>
        Assert.Equal(SourceErrorAction.Reopen, SourceErrors.Classify(new Error(ErrorCode.Unknown, "fenced", isFatal: true)));

    [Theory]
    [InlineData(nameof(SourceErrorAction.Ignore), null)]
    [InlineData(nameof(SourceErrorAction.Wait), null)]
    [InlineData(nameof(SourceErrorAction.Reopen), nameof(ReplayEnd.SourceBroken))]
    [InlineData(nameof(SourceErrorAction.Rebuild), nameof(ReplayEnd.LogChanged))]
    public void An_action_ends_the_loop_or_does_not(string action, string? end)
    {
        using var settlement = Settlement();
        Assert.Equal(end, settlement.Settle([At(Enum.Parse<SourceErrorAction>(action))]).ToString() is { Length: > 0 } said ? said : null);
    }

    [Theory]
    [InlineData(nameof(SourceErrorAction.Reopen))]
    [InlineData(nameof(SourceErrorAction.Refetch))]
    public void A_changed_log_is_reported_before_or_after_an_unusable_consumer(string broken)
    {
        using var settlement = Settlement();
        var action = Enum.Parse<SourceErrorAction>(broken);
        Assert.Equal(ReplayEnd.LogChanged, settlement.Settle([At(action), At(SourceErrorAction.Rebuild, partition: 2)]));
        Assert.Equal(ReplayEnd.LogChanged, settlement.Settle([At(SourceErrorAction.Rebuild), At(action, partition: 2)]));
    }

    [Fact]
    public void A_refusal_of_the_brokers_faults_and_names_the_topic()
    {
        using var settlement = Settlement();
        Assert.Contains(
            "'users'", Assert.Throws<SourceException>(() => settlement.Settle([At(SourceErrorAction.Fault)])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_offset_that_fails_again_and_again_is_a_fault_in_the_end()
    {
        using var settlement = Settlement();
        for (var i = 1; i < SourceErrorSettlement.MaxFailuresAtOneOffset; i++)
            Assert.Equal(ReplayEnd.SourceBroken, settlement.Settle([At(SourceErrorAction.Refetch)]));
        var fault = Assert.Throws<SourceException>(() => settlement.Settle([At(SourceErrorAction.Refetch)]));
        Assert.Contains("partition 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("offset 7", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_at_offset_after_offset_are_none_of_one_offset()
    {
        using var settlement = Settlement();
        for (var i = 0; i < 100; i++)
            Assert.Equal(ReplayEnd.SourceBroken, settlement.Settle([At(SourceErrorAction.Refetch, offset: i)]));
    }

    [Fact]
    public void Two_partitions_that_fail_in_turn_fault_as_one_would()
    {
        using var settlement = Settlement();
        Assert.Throws<SourceException>(() =>
        {
            for (var i = 0; i < SourceErrorSettlement.MaxFailuresAtOneOffset; i++)
                settlement.Settle([At(SourceErrorAction.Refetch, partition: 1), At(SourceErrorAction.Refetch, partition: 2)]);
        });
    }

    [Fact]
    public void An_error_that_comes_a_hundred_times_is_one_line_and_one_count()
    {
        using (var settlement = Settlement())
        {
            for (var i = 0; i < 100; i++)
                settlement.Settle([At(SourceErrorAction.Wait)]);
            Assert.Single(_logger.Lines);
        }

        Assert.Equal(2, _logger.Lines.Count);
        Assert.Contains("99", _logger.Lines[1].Text, StringComparison.Ordinal);
    }

    private static SourceError At(SourceErrorAction action, int partition = 1, long offset = 7) =>
        new(action, partition, offset, "it is so");

    private SourceErrorSettlement Settlement() => new("users", _logger, new FakeTimeProvider());
}
