using System.Collections.Concurrent;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Views;

/// <summary>Puts to several topics in random order, with watches that begin at random times, and compares the views with
/// <see cref="SampleView.Recomputed"/>.</summary>
public sealed class ViewInterleavingTests(EmbeddedBrokerFixture broker)
{
    private const int Sessions = 8;
    private const int Users = 4;
    private const int Organizations = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Interleavings_lead_to_the_recomputed_join() => RunAsync(interleavings: 60);

    [Fact]
    [Trait("Category", "Soak")]
    public Task A_thousand_interleavings_lead_to_the_recomputed_join() => RunAsync(interleavings: 1_000);

    private async Task RunAsync(int interleavings)
    {
        var seed = (int)TestSeed.Next();
        await using var sample = await SampleView.StartAsync(broker, partitions: 2);
        var written = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal) { ["-"] = true };
        for (var i = 0; i < interleavings; i++)
        {
            await using var interleaving = new Interleaving(sample, written, new Random(seed + i), number: i);
            await interleaving.RunAsync($"{seed}, interleaving {i}");
        }
    }

    // Every value has a unique number that identifies its record.
    private sealed class Interleaving(SampleView sample, ConcurrentDictionary<string, bool> written, Random random, int number)
        : IAsyncDisposable
    {
        private readonly List<ViewMirror> _mirrors = [];
        private readonly List<Task> _puts = [];

        public async Task RunAsync(string seed)
        {
            var steps = random.Next(5, 60);
            Watch();
            for (var step = 0; step < steps; step++)
            {
                if (random.Next(20) == 0)
                    Watch();
                else
                    _puts.Add(PutAsync($"{number}.{step}"));
                if (_puts.Count > 0 && random.Next(8) == 0)
                    await _puts[random.Next(_puts.Count)];
            }

            await Task.WhenAll(_puts);
            var expected = sample.Recomputed();
            Assert.Equal(expected, sample.View.Scan().ToDictionary());
            foreach (var mirror in _mirrors)
                mirror.AwaitContent(expected, seed);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var mirror in _mirrors)
                await mirror.DisposeAsync();
        }

        private void Watch() => _mirrors.Add(new ViewMirror(
            sample.View,
            new WatchOptions<string>
            {
                Overflow = random.Next(3) == 0 ? WatchOverflow.Wait : WatchOverflow.Conflate, MaxPending = random.Next(1, 20),
            },
            yieldsEvery: random.Next(1, 10), WasWritten));

        private Task<PutResult> PutAsync(string id)
        {
            switch (random.Next(6))
            {
                case 0:
                    return PutAsync(sample.Organizations, $"o{random.Next(Organizations)}", $"O{id}");
                case 1 or 2:
                    var groups = Enumerable.Range(0, Organizations).Where(_ => random.Next(2) == 0).Select(static o => $"o{o}");
                    return PutAsync(sample.Users, $"u{random.Next(Users)}", $"{string.Join(',', groups)} {id}");
                default:
                    return PutAsync(sample.Sessions, $"s{random.Next(Sessions)}", $"u{random.Next(Users)} {id}");
            }
        }

        private Task<PutResult> PutAsync(KafkaCache<string, string> cache, string key, string value)
        {
            if (random.Next(4) == 0)
                return cache.RemoveAsync(key, PutWait.Applied, Token);
            written[$"{cache.Name} {key} {value}"] = true;
            return cache.PutAsync(key, value, PutWait.Applied, Token);
        }

        // Whether each of the three parts was written to the key by which it is joined.
        private bool WasWritten(string view)
        {
            var parts = view.Split('|');
            var (session, user, organizations) = (parts[0], parts[1], parts[2].Split(';', StringSplitOptions.RemoveEmptyEntries));
            return Enumerable.Range(0, Sessions).Any(s => written.ContainsKey($"sessions s{s} {session}"))
                && (user == "-" || written.ContainsKey($"users {SampleView.UserOf(session)} {user}"))
                && organizations.All(one =>
                    SampleView.OrganizationsOf(user).Any(key => written.ContainsKey($"organizations {key} {one}")));
        }
    }
}
