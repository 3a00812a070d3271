using System.Text;
using KafkaCaching.Indexes;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Indexes;

/// <summary>Indexes by a JSON property of undecoded values.</summary>
public sealed class JsonIndexTests(EmbeddedBrokerFixture broker)
{
    [Theory]
    [InlineData("a", """{"a":"x"}""", "x")]
    [InlineData("a", """{"b":{"a":"no"},"c":[{"a":"no"}],"a":"\u00e4\""}""", "ä\"")]
    [InlineData("a", """{"a":1.50}""", "1.50")]
    [InlineData("a", """{"a":true}""", "true")]
    [InlineData("a", """{"a":["x",null,2,{"a":"no"},["no"],"y"]}""", "x", "2", "y")]
    [InlineData("a", """{"a":[]}""")]
    [InlineData("a", """{"a":null}""")]
    [InlineData("a", """{"a":{"a":"no"}}""")]
    [InlineData("a", """{"A":"no"}""")]
    [InlineData("a", """["a"]""")]
    [InlineData("a", "5")]
    [InlineData("a.b", """{"a":{"c":1,"b":"x"}}""", "x")]
    [InlineData("a.b", """{"a":"b"}""")]
    [InlineData("ä", """{"\u00e4":"x"}""", "x")]
    public void Terms_are_the_values_of_the_property(string property, string value, params string[] terms) =>
        Assert.Equal(terms, new JsonPath(property).TermsOf(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    public void An_empty_name_is_refused(string property) =>
        Assert.Contains("empty name", Assert.Throws<ArgumentException>(() => new JsonPath(property)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_property_after_one_that_is_nested_deeply_is_found() => Assert.Equal(
        ["admins"],
        new JsonPath("group").TermsOf(
            Encoding.UTF8.GetBytes($$"""{"tree":{{new string('[', 1_000)}}{{new string(']', 1_000)}},"group":"admins"}""")));

    [Fact]
    public async Task Entries_are_found_by_a_property_and_a_value_that_is_no_JSON_is_a_record_error()
    {
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(
            topic, TestRecord.Of("1", """{"email":"ada","groups":["x","y"]}"""), TestRecord.Of("2", """{"groups":["y"]}"""),
            TestRecord.Of("3", "no JSON"));
        CacheIndex<string> byEmail = null!;
        CacheIndex<string> byGroup = null!;
        await using var cache = KafkaCache.Create(TestCaches.Options<string, byte[]>(broker.BootstrapServers, topic, o =>
        {
            o.OnRecordError = RecordErrorPolicy.Skip;
            byEmail = o.Indexes.AddUniqueJson("email", "email");
            byGroup = o.Indexes.AddJson("group", "groups");
        }));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1", Assert.Single(cache.Find(byEmail, "ada")).Key);
        Assert.Equal(["1", "2"], cache.Find(byGroup, "y").Select(static found => found.Key).Order(StringComparer.Ordinal));
        Assert.Equal(RecordErrorReason.SelectorThrew, Assert.Single(cache.Status.RecentRecordErrors).Reason);
    }
}
