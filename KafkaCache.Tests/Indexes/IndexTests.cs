using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Indexes;

/// <summary>Look-ups by index. A value has the form <c>email:group,group</c>.</summary>
public sealed class IndexTests(EmbeddedBrokerFixture broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_are_found_by_their_terms_as_they_come_change_and_go()
    {
        CacheIndex<string> byEmail = null!, byGroup = null!;
        var topic = broker.CreateTopic(partitions: 2);
        await broker.Kafka.ProduceAsync(topic, TestRecord.Of("1", "ada:x,y"), TestRecord.Of("2", "bob:y"), TestRecord.Of("3", "eve:"));
        await using var cache = await ReadyAsync(topic, o => (byEmail, byGroup) = Declare(o));

        Assert.Equal(["1"], Keys(cache.Find(byEmail, "ada")));
        Assert.Equal(["1", "2"], Keys(cache.Find(byGroup, "y")));
        Assert.Equal(["1"], Keys(cache.Find("group", "x")));
        Assert.Equal(2, cache.CountOf(byGroup, "y"));
        Assert.Empty(cache.Find(byEmail, "nobody"));

        await cache.PutAsync("1", "ada:y,z", PutWait.Applied, Token);
        await cache.PutAsync("3", "eva:z", PutWait.Applied, Token);
        await cache.RemoveAsync("2", PutWait.Applied, Token);
        Assert.Equal(["1"], Keys(cache.Find(byEmail, "ada")));
        Assert.Empty(cache.Find(byEmail, "eve"));
        Assert.Equal(["3"], Keys(cache.Find(byEmail, "eva")));
        Assert.Empty(cache.Find(byGroup, "x"));
        Assert.Equal(["1"], Keys(cache.Find(byGroup, "y")));
        Assert.Equal(["1", "3"], Keys(cache.Find(byGroup, "z")));
        Assert.Equal(
            [new IndexStatus("email", true, 2, 2), new IndexStatus("group", false, 2, 3)], cache.Status.Indexes);
    }

    [Fact]
    public async Task Two_entries_under_a_unique_term_are_both_found_and_counted()
    {
        CacheIndex<string> byEmail = null!;
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(topic, TestRecord.Of("1", "ada:"), TestRecord.Of("2", "ada:"), TestRecord.Of("3", "bob:"));
        await using var cache = await ReadyAsync(topic, o => (byEmail, _) = Declare(o));
        Assert.Equal(["1", "2"], Keys(cache.Find(byEmail, "ada")));
        Assert.Equal(1, cache.Status.Indexes[0].Conflicts);
        await cache.RemoveAsync("1", PutWait.Applied, Token);
        Assert.Equal(0, cache.Status.Indexes[0].Conflicts);
    }

    [Fact]
    public async Task Keys_are_read_by_prefix_and_range_in_the_order_of_their_bytes()
    {
        var topic = broker.CreateTopic(partitions: 2);
        await broker.Kafka.ProduceAsync(topic, Enumerable.Range(0, 1_000).Select(static i => TestRecord.Of($"k{i:000}", "v")));
        await broker.Kafka.ProduceAsync(topic, TestRecord.Of("ä", "v"), TestRecord.Of("", "v"));
        await using var cache = await ReadyAsync(topic, static o => o.Indexes.OrderKeys = true);

        Assert.Equal(Enumerable.Range(100, 100).Select(static i => $"k{i}"), cache.ScanPrefix("k1").Select(static pair => pair.Key));
        Assert.Equal(
            Enumerable.Range(10, 490).Select(static i => $"k{i:000}"), cache.ScanRange("k01", "k5").Select(static pair => pair.Key));
        Assert.Equal(1_002, cache.ScanPrefix("").Count());
        Assert.Equal(("", "ä"), (cache.ScanPrefix("").First().Key, cache.ScanPrefix("").Last().Key));
        Assert.Empty(cache.ScanRange("k5", "k01"));

        await cache.RemoveAsync("k100", PutWait.Applied, Token);
        await cache.PutAsync("k1000", "v", PutWait.Applied, Token);
        Assert.Equal(["k1000", "k101"], cache.ScanPrefix("k10").Take(2).Select(static pair => pair.Key));
    }

    [Fact]
    public async Task A_prefix_that_ends_in_the_highest_byte_has_its_keys_and_no_others()
    {
        byte[][] keys = [[0xFE], [0xFF], [0xFF, 0], [0xFF, 0xFF], [0xFF, 0xFF, 1]];
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<byte[], string>(static o => o.Indexes.OrderKeys = true);
        foreach (var key in keys)
            topic.Produce(key, "v");
        await topic.SettleAsync(Token);

        Assert.Equal(keys[3..], Of(0xFF, 0xFF));
        Assert.Equal(keys[1..], Of(0xFF));
        Assert.Equal(keys[..1], Of(0xFE));

        IEnumerable<byte[]> Of(params byte[] prefix) => cache.ScanPrefix(prefix).Select(static pair => pair.Key);
    }

    [Fact]
    public async Task A_scan_keeps_its_prefix_whatever_becomes_of_the_callers_array()
    {
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<byte[], string>(static o => o.Indexes.OrderKeys = true);
        topic.Produce("a"u8.ToArray(), "v");
        topic.Produce("b"u8.ToArray(), "v");
        await topic.SettleAsync(Token);
        var prefix = "b"u8.ToArray();
        var scan = cache.ScanPrefix(prefix);
        prefix[0] = (byte)'A';

        Assert.Equal("b"u8, Assert.Single(scan).Key);
    }

    [Theory]
    [InlineData(RecordErrorPolicy.Fail)]
    [InlineData(RecordErrorPolicy.Skip)]
    [InlineData(RecordErrorPolicy.Quarantine)]
    public async Task A_selector_that_throws_is_a_record_error_by_the_policy(RecordErrorPolicy policy)
    {
        CacheIndex<string> byEmail = null!;
        var topic = broker.CreateTopic();
        await using var cache = await ReadyAsync(topic, o =>
        {
            o.OnRecordError = policy;
            (byEmail, _) = Declare(o);
        });
        await cache.PutAsync("1", "ada:", PutWait.Applied, Token);
        await broker.Kafka.ProduceAsync(topic, "1", "no colon");

        await Eventually.TrueAsync(() => cache.Status.RecordErrors == 1);
        Assert.Equal(RecordErrorReason.SelectorThrew, Assert.Single(cache.Status.RecentRecordErrors).Reason);
        if (policy == RecordErrorPolicy.Fail)
        {
            await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
            return;
        }

        // The error is counted before the entry is quarantined, so the test waits until a later record is applied.
        await cache.PutAsync("2", "grace:", PutWait.Applied, Token);
        Assert.Equal(policy == RecordErrorPolicy.Skip ? ["1"] : [], Keys(cache.Find(byEmail, "ada")));
    }

    [Fact]
    public async Task What_a_resolver_yields_is_indexed_and_what_it_brings_back_too()
    {
        CacheIndex<string> byEmail = null!;
        var topic = broker.CreateTopic();
        await using var cache = await ReadyAsync(topic, o =>
        {
            o.Resolver = static (in record, updates) => updates.Set("same", record.ReadValue<string>());
            (byEmail, _) = Declare(o);
        });
        await cache.PutAsync("1", "ada:", PutWait.Applied, Token);
        await cache.PutAsync("2", "bob:", PutWait.Applied, Token);
        Assert.Equal(["same"], Keys(cache.Find(byEmail, "bob")));
        Assert.Empty(cache.Find(byEmail, "ada"));
        await cache.RemoveAsync("2", PutWait.Applied, Token);
        Assert.Equal(["same"], Keys(cache.Find(byEmail, "ada")));
        Assert.Empty(cache.Find(byEmail, "bob"));
    }

    // The serializer omits the groups, like JSON that omits a property.
    [Fact]
    public async Task A_selector_that_throws_on_what_is_left_of_a_yielded_entry_is_a_record_error_too()
    {
        CacheIndex<string> byEmail = null!;
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<string, string>(o =>
        {
            (o.ValueSerializer, o.ValueDeserializer) = (new WithoutGroups(), Deserializers.Utf8);
            o.Resolver = static (in record, updates) => updates.Set(record.ReadKey<string>(), record.ReadValue<string>());
            o.OnRecordError = RecordErrorPolicy.Skip;
            (byEmail, _) = Declare(o);
        });
        topic.Produce("1", "ada:x");
        await topic.SettleAsync(Token);
        Assert.Equal((CachePhase.Ready, 1, 0), (cache.Status.Phase, cache.Status.RecordErrors, cache.Count));
        Assert.Equal(RecordErrorReason.SelectorThrew, Assert.Single(cache.Status.RecentRecordErrors).Reason);
        Assert.Empty(cache.Find(byEmail, "ada"));
    }

    [Fact]
    public async Task Indexes_are_swapped_with_their_generation()
    {
        await using var own = EmbeddedBroker.Start();
        own.CreateTopic("t");
        using var kafka = new TestKafka(own.BootstrapServers);
        await kafka.ProduceAsync("t", TestRecord.Of("1", "ada:"), TestRecord.Of("2", "bob:"));
        CacheIndex<string> byEmail = null!;
        await using var cache = await TestCaches.ReadyAsync(own.BootstrapServers, "t", o => (byEmail, _) = Declare(o));
        using var before = cache.Find(byEmail, "ada").GetEnumerator();
        Assert.True(before.MoveNext());

        own.DeleteTopic("t");
        own.CreateTopic("t");
        using var again = new TestKafka(own.BootstrapServers);
        await again.ProduceAsync("t", TestRecord.Of("3", "bob:"));
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready && Keys(cache.Find(byEmail, "bob")).SequenceEqual(["3"]));
        Assert.Empty(cache.Find(byEmail, "ada"));
        Assert.False(before.MoveNext());
    }

    [Fact]
    public async Task Wrong_arguments_are_reported_at_once()
    {
        CacheIndex<string> foreign = new CacheIndexes<string>().AddUnique("other", static value => value);
        await using var cache = await ReadyAsync(broker.CreateTopic(), static o => Declare(o));
        var ofAnother = Assert.Throws<ArgumentException>(() => cache.Find(foreign, "x"));
        var ofNone = Assert.Throws<ArgumentException>(() => cache.Find("no", "x"));
        Assert.Contains("'email', 'group'", ofAnother.Message, StringComparison.Ordinal);
        Assert.Contains("'email', 'group'", ofNone.Message, StringComparison.Ordinal);
        Assert.Contains("Int32", Assert.Throws<ArgumentException>(() => cache.Find("email", 1)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "OrderKeys", Assert.Throws<InvalidOperationException>(() => cache.ScanPrefix("x")).Message, StringComparison.Ordinal);
        await using var numbers = KafkaCache.Create(
            TestCaches.Options<long, string>(broker.BootstrapServers, broker.CreateTopic(), static o => o.Indexes.OrderKeys = true));
        Assert.Contains("ScanRange", Assert.Throws<NotSupportedException>(() => numbers.ScanPrefix(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_indexes_of_one_name_are_an_error_at_the_start()
    {
        var options = TestOptions.For("localhost:1", "t");
        options.Indexes.AddUnique("same", static value => value);
        options.Indexes.Add("same", static value => new[] { value });
        options.Indexes.AddUnique(" ", static value => value);
        var faults = Assert.Throws<OptionsValidationException>(() => KafkaCache.Create(options)).Failures.ToList();
        Assert.Contains(faults, static fault => fault.Contains("'same'", StringComparison.Ordinal));
        Assert.Contains(faults, static fault => fault.Contains("empty name", StringComparison.Ordinal));
    }

    private static (CacheIndex<string> ByEmail, CacheIndex<string> ByGroup) Declare(KafkaCacheOptions<string, string> options) => (
        options.Indexes.AddUnique("email", static value => value[..value.IndexOf(':', StringComparison.Ordinal)]),
        options.Indexes.Add(
            "group", static value => value[(value.IndexOf(':', StringComparison.Ordinal) + 1)..]
                .Split(',', StringSplitOptions.RemoveEmptyEntries)));

    private static IEnumerable<string> Keys(IEnumerable<KeyValuePair<string, CacheEntry<string>>> found) =>
        found.Select(static pair => pair.Key).Order(StringComparer.Ordinal);

    private Task<KafkaCache<string, string>> ReadyAsync(string topic, Action<KafkaCacheOptions<string, string>> configure) =>
        TestCaches.ReadyAsync(broker.BootstrapServers, topic, o =>
        {
            o.ReadOnly = false;
            configure(o);
        });

    private sealed class WithoutGroups : ISerializer<string>
    {
        public byte[] Serialize(string data, SerializationContext context) => Serializers.Utf8.Serialize(data.Split(':')[0], context);
    }
}
