using System.Globalization;

namespace KafkaCaching.Demo.Sample;

/// <summary>Generates the same few thousand records at every start.</summary>
internal sealed class SampleData
{
    private static readonly string[] FirstNames =
    [
        "Ada", "Alan", "Barbara", "Claude", "Donald", "Edsger", "Frances", "Grace", "Hedy", "Joan", "Katherine", "Ken", "Leslie",
        "Margaret", "Niklaus", "Radia", "Shafi", "Tony",
    ];

    private static readonly string[] LastNames =
    [
        "Allen", "Clarke", "Dijkstra", "Goldwasser", "Hamilton", "Hoare", "Hopper", "Johnson", "Knuth", "Lamarr", "Lamport", "Liskov",
        "Lovelace", "Perlman", "Shannon", "Thompson", "Turing", "Wirth",
    ];

    private static readonly string[] Places =
        ["Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbour", "Island", "Juniper"];

    private static readonly string[] Trades = ["Analytics", "Bakery", "Energy", "Logistics", "Robotics"];

    private readonly Random _random = new(4242);

    public SampleData()
    {
        Organizations = [.. Places.SelectMany(_ => Trades, (place, trade) => new Organization(NextId(), $"{place} {trade}"))];
        Users = [.. Enumerable.Range(0, 2_000).Select(NextUser)];
        Sessions = [.. Enumerable.Range(0, 3_000).Select(_ => NextSession())];
    }

    public IReadOnlyList<Organization> Organizations { get; }

    public IReadOnlyList<User> Users { get; }

    public IReadOnlyList<Session> Sessions { get; }

    private User NextUser(int number)
    {
        var (first, last) = (Pick(FirstNames), Pick(LastNames));
        var email = string.Create(CultureInfo.InvariantCulture, $"{first}.{last}.{number}@example.com");
        var groups = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick(Organizations).Id).Distinct();
        return new User(NextId(), email.ToLowerInvariant(), $"{first} {last}", [.. groups]);
    }

    private Session NextSession()
    {
        var type = _random.Next(10) == 0 ? SessionType.MeetingScreen : SessionType.Regular;
        var address = string.Create(CultureInfo.InvariantCulture, $"10.{_random.Next(256)}.{_random.Next(256)}.{_random.Next(1, 255)}");
        return new Session(NextId(), Pick(Users).Id, type, address);
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private Guid NextId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
