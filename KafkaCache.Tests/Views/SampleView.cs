using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Views;

/// <summary>Three caches and a view that joins them. A session's value is the key of its user and a number, as in <c>ada 1</c>; a user's
/// value is the keys of organizations and a number, as in <c>acme,birch 1</c>. A joined value has three parts, as in
/// <c>ada 1|acme,birch 1|Acme;Birch</c>.</summary>
internal sealed class SampleView : IAsyncDisposable
{
    private SampleView(KafkaCache<string, string> sessions, KafkaCache<string, string> users, KafkaCache<string, string> organizations)
    {
        (Sessions, Users, Organizations) = (sessions, users, organizations);
        View = Of(sessions, users, organizations);
    }

    public KafkaCache<string, string> Sessions { get; }

    public KafkaCache<string, string> Users { get; }

    public KafkaCache<string, string> Organizations { get; }

    public IKafkaCacheView<string, string> View { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SampleView> StartAsync(
        EmbeddedBrokerFixture broker, Action<KafkaCacheOptions<string, string>>? users = null, int partitions = 1)
    {
        var sample = new SampleView(
            Start(
                broker, "sessions", partitions, static options => options.Indexes.Add<string>("user", static session => [UserOf(session)])),
            Start(broker, "users", partitions, users), Start(broker, "organizations", partitions));
        await sample.View.WaitUntilReadyAsync(Token);
        return sample;
    }

    public static IKafkaCacheView<string, string> Of(
        IReadOnlyKafkaCache<string, string> sessions, IReadOnlyKafkaCache<string, string> users,
        IReadOnlyKafkaCache<string, string> organizations) => KafkaCacheView.From(sessions)
        .Join(users, UserOf)
        .JoinMany(organizations, static (_, user) => user is null ? null : OrganizationsOf(user))
        .Select("session-views", Join);

    public static string UserOf(string session) => session.Split(' ')[0];

    public static string[] OrganizationsOf(string user) => user.Split(' ')[0].Split(',', StringSplitOptions.RemoveEmptyEntries);

    public static string Join(string session, string? user, IReadOnlyList<string> organizations) =>
        $"{session}|{user ?? "-"}|{string.Join(';', organizations)}";

    public static Task PutAsync(KafkaCache<string, string> cache, string key, string? value) => value is null
        ? cache.RemoveAsync(key, PutWait.Applied, Token)
        : cache.PutAsync(key, value, PutWait.Applied, Token);

    /// <summary>Computes the join from the contents of the caches.</summary>
    public Dictionary<string, string> Recomputed()
    {
        var (users, organizations) = (Users.Content(), Organizations.Content());
        return Sessions.Content().ToDictionary(static session => session.Key, session =>
        {
            var user = users.GetValueOrDefault(UserOf(session.Value));
            var found = OrganizationsOf(user ?? "").Where(organizations.ContainsKey).Select(key => organizations[key]);
            return $"{session.Value}|{user ?? "-"}|{string.Join(';', found)}";
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Sessions.DisposeAsync();
        await Users.DisposeAsync();
        await Organizations.DisposeAsync();
    }

    private static KafkaCache<string, string> Start(
        EmbeddedBrokerFixture broker, string name, int partitions, Action<KafkaCacheOptions<string, string>>? configure = null) =>
        TestCaches.Start(broker.BootstrapServers, broker.CreateTopic(partitions), options =>
        {
            (options.Name, options.ReadOnly) = (name, false);
            configure?.Invoke(options);
        });
}
