using KafkaCaching.Clients;

namespace KafkaCaching.Tests.Clients;

public sealed class BrokerStatisticsTests
{
    // Shortened statistics of librdkafka 2.16.
    private const string Statistics =
        """
        { "name": "rdkafka#consumer-2", "client_id": "pod", "type": "consumer", "ts":1788199551, "time":1795892754,
        "brokers":{ "127.0.0.1:9092/1": { "name":"127.0.0.1:9092/1",
        "nodeid":1, "state":"UP", "waitresp_cnt":1, "tx":8, "rx":7, "rxbytes":2753, "rxidle":4982308,
        "throttle": { "min":0, "max":250, "avg":0, "cnt":2 },
        "toppars":{ "users-0": { "topic":"users", "partition":0} , "users-3": { "topic":"users", "partition":3} } } ,
        "GroupCoordinator": { "name":"GroupCoordinator",
        "nodeid":-1, "state":"INIT", "waitresp_cnt":0, "tx":0, "rx":0, "rxbytes":0, "rxidle":-1,
        "throttle": { "min":0, "max":0, "avg":0, "cnt":0 }, "toppars":{ } } },
        "topics":{ "users": { "topic":"users", "partitions":{ "0": { "partition":0, "broker":1 } } } }, "rx":7 }
        """;

    [Fact]
    public void Each_broker_is_read_with_the_time_of_the_statistics()
    {
        Assert.True(BrokerStatistics.TryRead(Statistics, out var at, out var brokers));

        Assert.Equal(TimeSpan.FromMicroseconds(1_788_199_551), at);
        Assert.Equal(2, brokers.Count);
        Assert.Equal(("127.0.0.1:9092/1", 1, 7L), (brokers[0].Broker, brokers[0].Unanswered, brokers[0].Answers));
        Assert.Equal([0, 3], brokers[0].Partitions);
        Assert.Equal(TimeSpan.FromMicroseconds(4_982_308), brokers[0].SinceByte);
        Assert.Equal(TimeSpan.FromMilliseconds(250), brokers[0].Throttle);
        Assert.Null(brokers[1].SinceByte);
        Assert.Empty(brokers[1].Partitions);
    }

    // An exception in the statistics handler would lose the record that is being delivered.
    [Fact]
    public void What_is_cut_off_or_says_other_things_is_refused_and_never_thrown()
    {
        for (var length = 0; length < Statistics.IndexOf("\"topics\":{", StringComparison.Ordinal); length++)
            Assert.False(BrokerStatistics.TryRead(Statistics[..length], out _, out _));
        foreach (var word in new[] { "rxidle", "waitresp_cnt", "\"max\"", "toppars", "\"ts\"", "partition\":0", "4982308", "1788199551" })
            Assert.False(BrokerStatistics.TryRead(Statistics.Replace(word, "else", StringComparison.Ordinal), out _, out _), word);
    }
}
