using Confluent.Kafka;
using KafkaCaching.Puts;

namespace KafkaCaching.Tests.Puts;

public sealed class DeliveryOutcomeTests
{
    // The client may have sent the record before, and got a response after which it tried again.
    [Theory]
    [InlineData(ErrorCode.Local_MsgTimedOut)]
    [InlineData(ErrorCode.Local_PurgeQueue)]
    [InlineData(ErrorCode.Local_PurgeInflight)]
    public void Record_that_the_client_has_given_up_may_have_been_written(ErrorCode error)
    {
        PutException? failed = DeliveryOutcome.Failure(Report(error), fatal: null);

        Assert.Equal(PutOutcome.Unknown, failed?.Outcome);
    }

    [Theory]
    [InlineData(ErrorCode.OutOfOrderSequenceNumber, PutOutcome.Unknown)]
    [InlineData(ErrorCode.ClusterAuthorizationFailed, PutOutcome.NotCommitted)] // The producer can't have sent anything.
    public void Record_that_is_purged_after_a_fatal_error_names_that_error(ErrorCode fatal, PutOutcome outcome)
    {
        PutException? failed = DeliveryOutcome.Failure(Report(ErrorCode.Local_PurgeQueue), new Error(fatal, "the cause", isFatal: true));

        Assert.Equal(outcome, failed?.Outcome);
        Assert.Contains($"the cause ({fatal})", failed?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_that_the_broker_refused_was_not_written()
    {
        PutException? failed = DeliveryOutcome.Failure(Report(ErrorCode.TopicAuthorizationFailed), fatal: null);

        Assert.Equal(PutOutcome.NotCommitted, failed?.Outcome);
    }

    private static DeliveryReport<byte[]?, byte[]?> Report(ErrorCode error) => new()
    {
        Error = new Error(error), Status = PersistenceStatus.NotPersisted,
    };
}
