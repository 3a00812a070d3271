using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hosting;

namespace KafkaCaching.Tests.Views;

/// <summary>Tests invalid declarations and arguments, and functions that throw.</summary>
public sealed class ViewInputTests(EmbeddedBrokerFixture broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_missing_in_a_declaration_is_named()
    {
        var cache = Fake("sessions");
        var from = KafkaCacheView.From(cache);
        Assert.Equal("cache", Assert.Throws<ArgumentNullException>(
            () => KafkaCacheView.From<string, string>(null!)).ParamName);
        Assert.Equal("cache", Assert.Throws<ArgumentNullException>(
            () => from.Join<string, string>(null!, static key => key)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => from.Join(cache, null!)).ParamName);
        Assert.Equal("keys", Assert.Throws<ArgumentNullException>(() => from.JoinMany(cache, null!)).ParamName);
        Assert.Equal("select", Assert.Throws<ArgumentNullException>(() => from.Select<string>("views", null!)).ParamName);
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => from.Select(" ", static session => session)).ParamName);
    }

    [Fact]
    public void Two_caches_of_one_name_are_refused_and_the_message_says_why()
    {
        var from = KafkaCacheView.From(Fake("users"));
        var refused = Assert.Throws<ArgumentException>(() => from.Join(Fake("users"), static key => key));
        Assert.Equal("cache", refused.ParamName);
        Assert.StartsWith("The view joins two caches that are named 'users'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_for_a_cache_that_the_view_does_not_join_names_those_that_it_does()
    {
        var view = SampleView.Of(Fake("sessions"), Fake("users"), Fake("organizations"));
        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => view.WaitUntilAppliedAsync("user", new CachePosition(0, 1), Token));
        Assert.StartsWith(
            "The view 'session-views' joins no cache 'user'. It joins 'sessions', 'users', 'organizations'.", wrong.Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentNullException>(() => view.WaitUntilAppliedAsync(null!, new CachePosition(0, 1), Token));
    }

    [Fact]
    public void A_watch_with_cursors_is_refused_before_it_begins()
    {
        var view = SampleView.Of(Fake("sessions"), Fake("users"), Fake("organizations"));
        var cursor = WatchCursor.Parse("a~1", null);
        foreach (var options in (WatchOptions<string>[])[new() { WithCursors = true }, new() { ResumeAfter = cursor }])
        {
            var refused = Assert.Throws<ArgumentException>(() => view.WatchAsync(options, Token));
            Assert.StartsWith("The watch of the view 'session-views' can't have cursors", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_null_key_and_a_foreign_index_are_refused_as_by_the_cache()
    {
        await using var sample = await SampleView.StartAsync(broker);
        var foreign = new KafkaCacheOptions<string, string>().Indexes.AddUnique("user", static value => value);
        Assert.Throws<ArgumentNullException>(() => sample.View.Get(null!));
        Assert.Throws<ArgumentException>(() => sample.View.Find(foreign, "ada"));
        Assert.Throws<ArgumentException>(() => sample.View.Find("email", "ada"));
    }

    [Fact]
    public async Task A_function_that_throws_throws_to_the_reader_and_ends_the_watch()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        var view = KafkaCacheView.From(sample.Sessions)
            .Join(sample.Users, static session => session == "bad" ? throw new FormatException("by the test") : session)
            .Select("views", static (session, user) => $"{session}{user}");
        await using var watch = new ViewReader(view);
        Assert.Equal("Ready", (await watch.NextAsync(2))[^1]);

        await SampleView.PutAsync(sample.Sessions, "s1", "bad");
        Assert.Throws<FormatException>(() => view.Get("s1"));
        await Assert.ThrowsAsync<FormatException>(() => watch.NextAsync(1));
        await Eventually.TrueAsync(() => sample.Sessions.Status.Watchers + sample.Users.Status.Watchers == 0);
    }

    // Two arrays with the same bytes are the same key, although .NET doesn't consider them equal.
    [Fact]
    public async Task Keys_that_are_byte_arrays_are_followed_by_their_bytes()
    {
        var sessions = new InMemoryTopic(name: "sessions");
        var users = new InMemoryTopic(name: "users");
        await using var sessionCache = sessions.CreateCache<byte[], byte[]>();
        await using var userCache = users.CreateCache<byte[], string>();
        sessions.ProduceBytes("s1"u8.ToArray(), "ada"u8.ToArray());
        users.ProduceBytes("ada"u8.ToArray(), "1"u8.ToArray());
        await sessions.SettleAsync(Token);
        await users.SettleAsync(Token);
        var view = KafkaCacheView.From(sessionCache)
            .Join(userCache, static session => session)
            .Select("views", static (session, user) => $"{Encoding.UTF8.GetString(session)}{user ?? "-"}");
        await using var watch = view.WatchAsync(cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.Equal(["Initial - > ada1", "Ready - > -"], await NextAsync(watch, 2));

        users.ProduceBytes("ada"u8.ToArray(), "2"u8.ToArray());
        Assert.Equal(["Set ada1 > ada2"], await NextAsync(watch, 1));
        sessions.ProduceBytes("s1"u8.ToArray(), "bob"u8.ToArray());
        Assert.Equal(["Set ada2 > bob-"], await NextAsync(watch, 1));
        sessions.ProduceBytes("s1"u8.ToArray(), null);
        Assert.Equal(["Removed bob- > -"], await NextAsync(watch, 1));
    }

    // Classes that avrogen makes, for example, have no equality.
    [Fact]
    public async Task A_watch_of_keys_without_equality_is_refused_and_says_what_to_do()
    {
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<string, string>();
        await using var byIdentity = topic.CreateCache<WithoutEquality, string>(static options =>
        {
            options.Name = "by-identity";
            options.KeySerializer = new WithoutEquality.Codec();
            options.KeyDeserializer = new WithoutEquality.Codec();
        });
        topic.Produce("a", "1");
        await topic.SettleAsync(Token);
        var from = KafkaCacheView.From(byIdentity).Select("from", static value => value);
        var joined = KafkaCacheView.From(cache)
            .Join(byIdentity, static _ => new WithoutEquality("a"))
            .Select("joined", static (one, other) => one + other);
        Assert.Equal("1", from.Get(new WithoutEquality("a")));
        Assert.Equal("11", joined.Get("a"));
        await using var first = from.WatchAsync(cancellationToken: Token).GetAsyncEnumerator(Token);
        var refused = await Assert.ThrowsAsync<NotSupportedException>(async () => await first.MoveNextAsync());
        Assert.Contains("WithoutEquality doesn't implement equality", refused.Message, StringComparison.Ordinal);
        await using var second = joined.WatchAsync(cancellationToken: Token).GetAsyncEnumerator(Token);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await second.MoveNextAsync());
    }

    [Fact]
    public async Task A_null_among_the_keys_of_a_join_is_skipped_like_a_key_without_an_entry()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Users, "ada", "1");
        await SampleView.PutAsync(sample.Sessions, "s1", "ada,null");
        var view = KafkaCacheView.From(sample.Sessions)
            .JoinMany(sample.Users, static session => session.Split(',').Select(static key => key == "null" ? null! : key))
            .Select("views", static (session, users) => $"{session}|{string.Join(';', users)}");
        Assert.Equal("ada,null|1", view.Get("s1"));
        await using var watch = new ViewReader(view);
        Assert.Equal(["Initial s1 by sessions: - > ada,null|1", "Ready"], await watch.NextAsync(2));
    }

    private static async Task<List<string>> NextAsync(IAsyncEnumerator<ViewChange<byte[], string>> watch, int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token));
            lines.Add($"{watch.Current.Kind} {watch.Current.Previous ?? "-"} > {watch.Current.Current ?? "-"}");
        }

        return lines;
    }

    private static FakeCache Fake(string name) => new(name, FakeCache.StatusOf(CachePhase.Ready));

    private sealed class WithoutEquality(string text)
    {
        private string Text { get; } = text;

        public sealed class Codec : ISerializer<WithoutEquality>, IDeserializer<WithoutEquality>
        {
            public byte[] Serialize(WithoutEquality data, SerializationContext context) => Encoding.UTF8.GetBytes(data.Text);

            public WithoutEquality Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
                new(Encoding.UTF8.GetString(data));
        }
    }
}
