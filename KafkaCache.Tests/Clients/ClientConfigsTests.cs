using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Options;
using Xunit;

namespace KafkaCaching.Tests.Clients;

public sealed class ClientConfigsTests
{
    [Fact]
    public void Consumer_is_what_a_cache_needs()
    {
        ConsumerConfig config = Configs().Consumer(4);
        Assert.Equal("localhost:9092", config.BootstrapServers);
        Assert.Equal(AutoOffsetReset.Error, config.AutoOffsetReset);
        Assert.Equal(IsolationLevel.ReadCommitted, config.IsolationLevel);
        Assert.True(config.EnablePartitionEof);
        Assert.False(config.EnableAutoCommit);
        Assert.False(config.EnableAutoOffsetStore);
        Assert.False(config.AllowAutoCreateTopics);
        Assert.True(config.CheckCrcs);
        Assert.Equal(5, config.FetchQueueBackoffMs);
        Assert.Equal(900, config.FetchWaitMaxMs);
        Assert.Equal(1000, config.ReconnectBackoffMaxMs);
        Assert.Equal(86_400_000, config.MaxPollIntervalMs);
        Assert.Equal("kafkacache", config.GroupId);
        Assert.NotEmpty(config.ClientId);
        Assert.Equal(4_000, config.StatisticsIntervalMs);
        Assert.Equal(300_000, config.SocketTimeoutMs);
    }

    [Theory]
    [InlineData(1, 4, 1_000)]
    [InlineData(12, 4, 2_000)]
    [InlineData(30, 4, 4_000)]
    [InlineData(3_600, 4, 4_000)]
    [InlineData(4, 1_000, 5_000)]
    [InlineData(4, 300, 1_500)]
    public void Statistics_come_several_times_within_StaleAfter_and_less_often_for_many_partitions(
        int staleAfterSeconds, int partitions, int milliseconds) =>
        Assert.Equal(
            milliseconds, Configs(o => o.StaleAfter = TimeSpan.FromSeconds(staleAfterSeconds)).Consumer(partitions).StatisticsIntervalMs);

    [Theory]
    [InlineData(0, 1 << 20)]
    [InlineData(4, 1 << 20)]
    [InlineData(16, 1 << 18)]
    [InlineData(100_000, 64 << 10)]
    public void Fetches_shrink_as_partitions_grow(int partitions, int bytes)
    {
        Assert.Equal(bytes, Configs().Consumer(partitions).MaxPartitionFetchBytes);
        Assert.Equal(
            1234,
            Configs(o => o.Consumer = new ConsumerConfig { MaxPartitionFetchBytes = 1234 }).Consumer(partitions).MaxPartitionFetchBytes);
    }

    [Fact]
    public void Answers_with_the_largest_entry_are_taken()
    {
        Assert.Equal(100_000_000, Configs().Consumer(1).ReceiveMessageMaxBytes);
        Assert.Equal(257 << 20, Configs(static o => o.Store.MaxEntryBytes = 256 << 20).Consumer(1).ReceiveMessageMaxBytes);
        Assert.Equal(
            1_000_000_000,
            Configs(
                static o =>
                    (o.Store.MaxEntryBytes, o.Client) = (
                        256 << 20, new ClientConfig { ReceiveMessageMaxBytes = 1_000_000_000 })).Consumer(1).ReceiveMessageMaxBytes);
    }

    [Fact]
    public void Producer_is_idempotent_waits_for_all_and_lingers_not()
    {
        ProducerConfig config = Configs(o => o.PutTimeout = TimeSpan.FromSeconds(7)).Producer();
        Assert.Equal(Acks.All, config.Acks);
        Assert.True(config.EnableIdempotence);
        Assert.Equal(0, config.LingerMs);
        Assert.Equal(Confluent.Kafka.Partitioner.Murmur2Random, config.Partitioner);
        Assert.Equal(7000, config.MessageTimeoutMs);
        Assert.True(config.EnableDeliveryReports);
        Assert.Equal("timestamp,status", config.DeliveryReportFields);
        Assert.False(config.AllowAutoCreateTopics);
    }

    [Fact]
    public void Overrides_win_over_Client_which_wins_over_defaults_under_any_alias()
    {
        ClientConfigs configs = Configs(o =>
        {
            o.Client = new ClientConfig { ClientId = "all", SocketTimeoutMs = 1000 };
            o.Consumer = new ConsumerConfig { ClientId = "reader", FetchWaitMaxMs = 10 };
            o.Producer = new ProducerConfig();
            o.Producer.Set("queue.buffering.max.ms", "3");
        });
        Assert.Equal(
            ("reader", 1000, 10), (configs.Consumer(1).ClientId, configs.Consumer(1).SocketTimeoutMs, configs.Consumer(1).FetchWaitMaxMs));
        Assert.Equal(("all", 1000, 3d), (configs.Producer().ClientId, configs.Producer().SocketTimeoutMs, configs.Producer().LingerMs));
        Assert.DoesNotContain(configs.Producer(), property => property.Key is "queue.buffering.max.ms");
        Assert.Equal("all", configs.Admin().ClientId);
    }

    [Fact]
    public void Bootstrap_servers_of_the_option_win_over_those_of_Client()
    {
        var client = new ClientConfig();
        client.Set("metadata.broker.list", "other:1");
        Assert.Equal("localhost:9092", Configs(o => o.Client = client).BootstrapServers);
        Assert.Equal("other:1", Configs(o => (o.Client, o.BootstrapServers) = (client, null)).BootstrapServers);
    }

    // An environment variable with an empty value results in a blank setting.
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Bootstrap_servers_that_are_blank_are_those_of_the_layer_below(string blank)
    {
        var client = new ClientConfig { BootstrapServers = "other:1" };
        Assert.Equal("other:1", Configs(o => (o.BootstrapServers, o.Client) = (blank, client)).BootstrapServers);
        ClientConfigs configs = Configs(o =>
        {
            o.Consumer = new ConsumerConfig { BootstrapServers = blank };
            o.Producer = new ProducerConfig { BootstrapServers = blank };
        });
        Assert.Equal(("localhost:9092", "localhost:9092"), (configs.Consumer(1).BootstrapServers, configs.Producer().BootstrapServers));
    }

    [Fact]
    public void Later_changes_to_the_options_and_to_a_config_have_no_effect()
    {
        var client = new ClientConfig { ClientId = "before" };
        ClientConfigs configs = Configs(o => o.Client = client);
        client.ClientId = "after";
        configs.Consumer(1).ClientId = "mine";
        Assert.Equal("before", configs.Consumer(1).ClientId);
    }

    [Fact]
    public void Reconnect_limit_is_left_alone_where_the_user_set_the_backoff()
    {
        Assert.Null(Configs(o => o.Client = new ClientConfig { ReconnectBackoffMs = 5000 }).Admin().ReconnectBackoffMaxMs);
        Assert.Equal(9, Configs(o => o.Client = new ClientConfig { ReconnectBackoffMaxMs = 9 }).Admin().ReconnectBackoffMaxMs);
    }

    [Fact]
    public void Every_property_of_Confluents_configs_is_known_by_its_kind()
    {
        Assert.All(Names<ConsumerConfig>(), name => Assert.False(KafkaProperties.IsForProducers(name), name));
        Assert.All(Names<ProducerConfig>(), name => Assert.False(KafkaProperties.IsForConsumers(name), name));
        Assert.All(Names<ClientConfig>().Where(name => name is not "acks"), name => Assert.True(KafkaProperties.IsForAdmins(name), name));
    }

    [Fact]
    public void No_client_warns_of_its_configuration_though_Client_holds_properties_of_every_kind()
    {
        var client = new ClientConfig();
        client.Set("linger.ms", "1");
        client.Set("request.timeout.ms", "5000");
        client.Set("compression.codec", "gzip");
        client.Set("session.timeout.ms", "6000");
        client.Set("fetch.message.max.bytes", "100000");
        client.Set("dotnet.cancellation.delay.max.ms", "50");
        var lines = new ConcurrentQueue<string>();
        ClientConfigs configs = Configs(o => (o.Client, o.BootstrapServers) = (client, "127.0.0.1:1"));
        using (
            new ConsumerBuilder<byte[], byte[]>(configs.Consumer(3))
                .SetLogHandler((_, message) => lines.Enqueue($"{message.Facility} {message.Message}"))
                .Build())
        using (
            new ProducerBuilder<byte[], byte[]>(configs.Producer())
                .SetLogHandler((_, message) => lines.Enqueue($"{message.Facility} {message.Message}"))
                .Build())
        using (
            new AdminClientBuilder(configs.Admin())
                .SetLogHandler((_, message) => lines.Enqueue($"{message.Facility} {message.Message}"))
                .Build())
            Assert.DoesNotContain(lines, line => line.StartsWith("CONFWARN", StringComparison.Ordinal));
    }

    [Fact]
    public void Client_id_is_the_pod_where_both_its_names_are_set()
    {
        Assert.Equal("shop.users-0", ClientId.From(name => name switch { "POD_NAMESPACE" => "shop", "POD_NAME" => "users-0", _ => null }));
        var expected = $"{Environment.MachineName}-{Environment.ProcessId}";
        Assert.Equal(expected, ClientId.From(name => name is "POD_NAME" ? "users-0" : null));
        Assert.Equal(expected, ClientId.From(name => name is "POD_NAMESPACE" ? "shop" : ""));
    }

    private static ClientConfigs Configs(Action<KafkaCacheOptions<string, string>>? change = null)
    {
        var options = new KafkaCacheOptions<string, string> { BootstrapServers = "localhost:9092", Topic = "users", ReadOnly = false };
        change?.Invoke(options);
        return options.ForClients();
    }

    // Setting a property of these classes sets one librdkafka property, whose name can then be read.
    private static IEnumerable<string> Names<T>()
        where T : Config, new()
    {
        foreach (PropertyInfo property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (property.SetMethod is null)
                continue;
            var config = new T();
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            property.SetValue(
                config,
                type == typeof(string)
                    ? "x" : type.IsEnum ? Enum.GetValues(type).GetValue(0)
                    : Convert.ChangeType(1, type, CultureInfo.InvariantCulture));
            foreach ((var name, _) in config)
                yield return KafkaProperties.Canonical(name);
        }
    }
}
