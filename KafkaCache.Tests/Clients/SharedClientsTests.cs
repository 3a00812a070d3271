using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Clients;

public sealed class SharedClientsTests
{
    private readonly ListLogger _lines = new();
    private readonly Dictionary<FakeClient, ClientLogs> _logs = [];
    private readonly SharedClients<FakeClient> _clients;

    public SharedClientsTests() => _clients = new((settings, logs) =>
    {
        var client = new FakeClient();
        _logs.Add(client, logs);
        if (settings.Any(static one => one.Key == "bad"))
            throw new InvalidOperationException("refused");
        return client;
    });

    [Fact]
    public void The_same_settings_in_whatever_order_share_one_client_and_others_have_their_own()
    {
        var one = _clients.Join(Settings("a=1", "b=2"), Log("one"));
        var two = _clients.Join(Settings("b=2", "a=1"), Log("two"));
        var other = _clients.Join(Settings("a=1", "b=3"), Log("other"));

        Assert.Same(one.Client, two.Client);
        Assert.NotSame(one.Client, other.Client);
        Assert.Equal(2, _clients.Count);
    }

    [Fact]
    public void The_last_who_leaves_gets_the_client_to_close_and_the_next_who_comes_another()
    {
        var one = _clients.Join(Settings("a=1"), Log("one"));
        var two = _clients.Join(Settings("a=1"), Log("two"));

        Assert.Null(one.Leave());
        Assert.Null(one.Leave());
        Assert.Same(two.Client, two.Leave());
        Assert.Equal(0, _clients.Count);
        Assert.NotSame(one.Client, _clients.Join(Settings("a=1"), Log("three")).Client);
    }

    [Fact]
    public void Each_cache_that_shares_a_client_gets_its_messages_while_it_does()
    {
        using ClientLog one = Log("one"), two = Log("two");
        var first = _clients.Join(Settings("a=1"), one);
        _clients.Join(Settings("a=1"), two);
        Say(first.Client, "both");
        first.Leave();
        Say(first.Client, "one of them");

        Assert.Equal(("both", "one of them"), (one.LastProblem, two.LastProblem));
        Assert.Equal(3, _lines.Lines.Count);
    }

    [Fact]
    public void Settings_that_are_refused_leave_nothing()
    {
        Assert.Throws<InvalidOperationException>(() => _clients.Join(Settings("bad=1"), Log("one")));
        Assert.Equal(0, _clients.Count);
    }

    [Fact]
    public async Task However_many_come_and_go_at_once_there_is_one_client_at_a_time_and_none_at_the_end()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var share = _clients.Join(Settings("a=1"), Log($"{thread}"));
                Assert.False(share.Client.IsClosed);
                share.Leave()?.Dispose();
            }
        })));

        Assert.Equal(0, _clients.Count);
        Assert.All(_logs.Keys, static client => Assert.True(client.IsClosed));
    }

    private static ClientConfig Settings(params string[] pairs) =>
        new(pairs.Select(static pair => pair.Split('=')).ToDictionary(static pair => pair[0], static pair => pair[1]));

    private ClientLog Log(string cache) => new(_lines, TimeProvider.System, cache);

    private void Say(FakeClient client, string text) => _logs[client].OnLog(new LogMessage("client", SyslogLevel.Error, "FAIL", text));

    internal sealed class FakeClient : IDisposable
    {
        public bool IsClosed { get; private set; }

        public void Dispose() => IsClosed = true;
    }
}
