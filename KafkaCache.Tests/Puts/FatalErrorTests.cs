using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Puts;

/// <summary>Fatal errors of the idempotent producer. OUT_OF_ORDER_SEQUENCE_NUMBER for the first request in flight is fatal.</summary>
public sealed class FatalErrorTests
{
    private const int ProducerReplaced = 300;

    [Fact]
    public async Task Put_that_met_it_is_unknown_and_the_next_goes_to_a_new_producer()
    {
        await using OwnBroker own = await OwnBroker.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            own.Broker.PushRequestErrors(KafkaApi.Produce, ErrorCode.OutOfOrderSequenceNumber);

            PutException failed = await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync($"spoilt-{round}", "v"));

            Assert.Equal(PutOutcome.Unknown, failed.Outcome);
            PutResult next = own.Cache.Put($"next-{round}", "v", PutWait.Applied);
            await own.AssertLogAgreesAsync($"next-{round}", PutOutcome.Committed, next);
        }

        Assert.Equal(3, own.Log.Lines.Count(static line => line.Id == ProducerReplaced));
    }

    [Fact]
    public async Task Every_put_beside_it_has_an_outcome_that_the_log_agrees_with()
    {
        const int puts = 500;

        // The failed producer fails most of its records at once. It would keep the others until their time-out, which is longer than the
        // wait below.
        await using OwnBroker own = await OwnBroker.StartAsync();

        var putting = new List<Task<PutResult>>();
        for (var i = 0; i < puts; i++)
        {
            if (i is 100 or 300)
                own.Broker.PushRequestErrors(KafkaApi.Produce, ErrorCode.OutOfOrderSequenceNumber);
            putting.Add(own.Cache.PutAsync($"k{i}", "v", PutWait.Applied));
        }

        Task all = Task.WhenAll(putting);
        await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(15)));
        var open = string.Join(", ", putting.Index().Where(static put => !put.Item.IsCompleted).Select(static put => put.Index));
        Assert.True(all.IsCompleted, $"Puts without an outcome: {open}");

        ILookup<string, CachePosition> log = (await own.ReadLogAsync())
            .ToLookup(static record => record.Key, static record => record.Position);
        for (var i = 0; i < puts; i++)
        {
            try
            {
                Assert.Equal([(await putting[i]).Position], log[$"k{i}"]);
            }
            catch (PutException failed)
            {
                Assert.True(
                    failed.Outcome != PutOutcome.NotCommitted || !log[$"k{i}"].Any(), $"put {i} is in the log and says that it is not");
            }
        }

        Assert.Contains(own.Log.Lines, static line => line.Id == ProducerReplaced);

        // If the puts were sent in few requests, the second error is still pending.
        own.Broker.ClearRequestErrors(KafkaApi.Produce);
        await own.Cache.PutAsync("after", "v", PutWait.Applied);
        Assert.Equal("v", own.Cache.Get("after"));
    }
}
