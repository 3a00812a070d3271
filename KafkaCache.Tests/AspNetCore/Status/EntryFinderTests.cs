using System.Globalization;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.AspNetCore.Status.Find;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hosting;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.AspNetCore.Status;

public sealed class EntryFinderTests(EmbeddedBrokerFixture embedded)
{
    private sealed record User(string Name, string? Email);

    private sealed record Odd(string Text);

    [Fact]
    public async Task An_entry_is_found_with_its_place_and_its_JSON_indented()
    {
        var topic = embedded.CreateTopic();
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        await embedded.Kafka.ProduceAsync(
            topic, TestRecord.Of("x", "{}"),
            TestRecord.Of("ada", """{"name":"Ada é <b>","email":null,"n":1.50}""") with { Timestamp = timestamp });
        await using var cache = await StartAsync<string, User>(topic);
        var entry = EntryFinder.Find(cache, "ada")!;
        Assert.Equal(
            """
            {
              "name": "Ada é <b>",
              "email": null,
              "n": 1.50
            }
            """,
            entry.Value);
        Assert.Equal((FoundFormat.Json, new CachePosition(0, 1), timestamp), (entry.Format, entry.Position, entry.Timestamp));
        Assert.Null(EntryFinder.Find(cache, "nobody"));
    }

    [Fact]
    public async Task Keys_are_found_by_their_prefix_and_by_an_index()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic,
            [
                .. Enumerable.Range(100, 60).Select(static i => TestRecord.Of($"a{i}", $$"""{"name":"{{i % 2}}"}""")),
                TestRecord.Of("b", """{"name":"5"}"""),
            ]);
        await using var cache = await StartAsync<string, User>(topic, static o =>
        {
            o.Indexes.OrderKeys = true;
            o.Indexes.AddUnique("number", static user => int.Parse(user.Name, CultureInfo.InvariantCulture));
            o.Indexes.Add<string>("name", static user => [user.Name]);
        });

        var first = EntryFinder.FindPrefix(cache, "a");
        Assert.Equal(Enumerable.Range(100, 50).Select(static i => $"a{i}"), first.Keys);
        Assert.True(first.HasMore);
        Assert.Equal(["b"], EntryFinder.FindTerm(cache, "number", "5").Keys);
        Assert.Equal(["b"], EntryFinder.FindTerm(cache, "name", "5").Keys);
        Assert.Empty(EntryFinder.FindTerm(cache, "name", "x").Keys);
        Assert.False(EntryFinder.FindPrefix(cache, "b").HasMore);
        Assert.Equal(
            "The text is not a term of the cache. A term is a whole number of 32 bits, as in 42.",
            Assert.Throws<FormatException>(() => EntryFinder.FindTerm(cache, "number", "five")).Message);
        Assert.Equal("The cache has no such index.", Assert.Throws<FormatException>(() => EntryFinder.FindTerm(cache, "x", "")).Message);
    }

    [Fact]
    public async Task Keys_without_order_or_prefixes_say_so()
    {
        await using var unordered = await StartAsync<string, User>(embedded.CreateTopic());
        await using var numbers = await StartAsync<long, User>(embedded.CreateTopic(), static o => o.Indexes.OrderKeys = true);

        Assert.Contains(
            "OrderKeys", Assert.Throws<FormatException>(() => EntryFinder.FindPrefix(unordered, "a")).Message, StringComparison.Ordinal);
        Assert.Equal(
            "Keys of type Int64 have no prefixes.", Assert.Throws<FormatException>(() => EntryFinder.FindPrefix(numbers, "1")).Message);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("YWRh", "ada")]
    [InlineData("MHgx", "base64:MHgx")]
    [InlineData("YmFzZTY0Og==", "base64:YmFzZTY0Og==")]
    [InlineData("AAE=", "base64:AAE=")]
    [InlineData("/w==", "base64:/w==")]
    public void Bytes_are_shown_in_the_form_in_which_they_are_typed(string bytes, string text)
    {
        Assert.Equal(text, KeyText.Of(Convert.FromBase64String(bytes)));
        Assert.Equal(Convert.FromBase64String(bytes), KeyText.Parse<byte[]>(text, "key"));
    }

    [Fact]
    public async Task A_value_that_can_not_be_decoded_is_shown_all_the_same()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic, TestRecord.Of("text", "not JSON"), new TestRecord("bytes"u8.ToArray(), [0xff, 0x00]),
            TestRecord.Of("half", "{\"a\":\"\\ud800\"}"), TestRecord.Of("empty", ""));
        await using var cache = await StartAsync<string, User>(topic);
        Assert.Throws<RecordErrorException>(() => cache.Get("text"));
        Assert.Equal(("not JSON", FoundFormat.Text), Shown(cache, "text"));
        Assert.Equal(("/wA=", FoundFormat.Base64), Shown(cache, "bytes"));
        Assert.Equal(FoundFormat.Text, Shown(cache, "half").Format);
        Assert.Equal(("", FoundFormat.Text), Shown(cache, "empty"));
    }

    [Fact]
    public async Task Numbers_are_shown_as_numbers()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic, new TestRecord("a"u8.ToArray(), [0, 0, 1, 0]), new TestRecord("short"u8.ToArray(), [0xff]));
        await using var cache = await StartAsync<string, int>(topic);
        Assert.Equal(("256", FoundFormat.Text), Shown(cache, "a"));
        Assert.Equal(("/w==", FoundFormat.Base64), Shown(cache, "short"));
        Assert.Null(EntryFinder.Find(cache, "nobody"));
    }

    [Fact]
    public async Task Keys_are_typed_as_people_write_them()
    {
        var id = Guid.Parse("7d444840-9dc0-11d1-b245-5ffdce74fad2");
        await FindsAsync<Guid>(Encoding.UTF8.GetBytes($"{id}"), $"{id}", $"{{{id}}}".ToUpperInvariant());
        await FindsAsync<int>([0xff, 0xff, 0xff, 0xfe], "-2");
        await FindsAsync<long>([0, 0, 0, 0, 0, 0, 0, 42], "42");
        await FindsAsync<byte[]>([0x48, 0xff], "0x48FF", "0x48ff", "base64:SP8=");
        await FindsAsync<byte[]>("ada é"u8.ToArray(), "ada é");
        await FindsAsync<string>(" 0x1 "u8.ToArray(), " 0x1 ");
    }

    [Fact]
    public async Task A_key_of_a_type_of_the_users_own_is_typed_where_it_can_be_parsed()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "2024-02-29", "leap");
        await using var dates = await StartAsync<DateOnly, string>(topic, static o => o.KeySerializer = new TextSerializer<DateOnly>());
        Assert.Equal(("leap", FoundFormat.Text), Shown(dates, "2024-02-29"));
        Assert.Contains(
            "System.DateOnly can parse", Assert.Throws<FormatException>(() => EntryFinder.Find(dates, "soon")).Message,
            StringComparison.Ordinal);

        await using var odd = await StartAsync<Odd, string>(topic, static o => o.KeySerializer = new TextSerializer<Odd>());
        Assert.Contains(
            "can't be typed", Assert.Throws<FormatException>(() => EntryFinder.Find(odd, "a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_no_key_is_refused_with_what_one_looks_like_and_not_quoted()
    {
        await RefusesAsync<Guid>("canary", "7d444840-9dc0-11d1-b245-5ffdce74fad2");
        await RefusesAsync<int>("2147483648", "32 bits");
        await RefusesAsync<long>("1.5", "64 bits");
        await RefusesAsync<byte[]>("0xcanary", "0x48656c6c6f");
        await RefusesAsync<byte[]>("base64:canary!", "SGVsbG8=");
        await RefusesAsync<string>("canary\ud800", "encoded");
    }

    [Fact]
    public async Task A_quarantined_key_says_why_it_has_no_value()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("a", "not JSON"), new TestRecord("n"u8.ToArray(), [1]));
        await using var users = await StartAsync<string, User>(topic, static o => o.OnRecordError = RecordErrorPolicy.Quarantine);
        Assert.Equal(RecordErrorReason.UndecodableValue, Assert.Throws<RecordErrorException>(() => EntryFinder.Find(users, "a")).Reason);
        await using var numbers = await StartAsync<string, int>(topic, static o => o.OnRecordError = RecordErrorPolicy.Quarantine);
        Assert.Equal(RecordErrorReason.UndecodableValue, Assert.Throws<RecordErrorException>(() => EntryFinder.Find(numbers, "n")).Reason);
    }

    [Fact]
    public async Task A_cache_that_is_not_ready_is_not_searched()
    {
        await using var cache = TestCaches.Start(TestHosts.NobodyListens, "users");
        Assert.Throws<CacheNotReadyException>(() => EntryFinder.Find(cache, "a"));
    }

    private static (string, FoundFormat Format) Shown<TKey, TValue>(KafkaCache<TKey, TValue> cache, string key)
        where TKey : notnull => EntryFinder.Find(cache, key) is { } entry ? (entry.Value, entry.Format) : throw new KeyNotFoundException();

    private async Task FindsAsync<TKey>(byte[] key, params string[] texts)
        where TKey : notnull
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, new TestRecord(key, "here"u8.ToArray()));
        await using var cache = await StartAsync<TKey, string>(topic);
        Assert.All(texts, text => Assert.Equal("here", EntryFinder.Find(cache, text)?.Value));
    }

    private async Task RefusesAsync<TKey>(string text, string says)
        where TKey : notnull
    {
        await using var cache = await StartAsync<TKey, string>(embedded.CreateTopic());
        var refused = Assert.Throws<FormatException>(() => EntryFinder.Find(cache, text));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
    }

    private async Task<KafkaCache<TKey, TValue>> StartAsync<TKey, TValue>(
        string topic, Action<KafkaCacheOptions<TKey, TValue>>? configure = null)
        where TKey : notnull
    {
        var cache = KafkaCache.Create(TestCaches.Options(embedded.BootstrapServers, topic, configure));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return cache;
    }

    private sealed class TextSerializer<T> : ISerializer<T>
    {
        public byte[] Serialize(T data, SerializationContext context) => Encoding.UTF8.GetBytes(FormattableString.Invariant($"{data:o}"));
    }
}
