using Confluent.Kafka;
using KafkaCaching.Puts;

namespace KafkaCaching.Tests.Puts;

public sealed class DeliveryOutcomeTests
{
    [Theory]
    [InlineData(ErrorCode.Local_MsgTimedOut)]
    [InlineData(ErrorCode.Local_PurgeQueue)]
    [InlineData(ErrorCode.Local_PurgeInflight)]
    public void Record_that_the_client_gave_up_may_have_been_written_by_an_earlier_try(ErrorCode error)
    {
        PutException failed = DeliveryOutcome.Failure(new Error(error), PersistenceStatus.NotPersisted, cause: null);

        Assert.Equal(PutOutcome.Unknown, failed.Outcome);
    }

    [Fact]
    public void Record_that_the_broker_refused_was_not_written()
    {
        PutException failed = DeliveryOutcome.Failure(
            new Error(ErrorCode.TopicAuthorizationFailed), PersistenceStatus.NotPersisted, cause: null);

        Assert.Equal(PutOutcome.NotCommitted, failed.Outcome);
    }
}
