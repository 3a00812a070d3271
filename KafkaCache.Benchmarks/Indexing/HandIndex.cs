namespace KafkaCaching.Benchmarks.Indexing;

/// <summary>Two dictionaries that a service without indexes would maintain. Nothing keeps them consistent with the cache.</summary>
internal sealed class HandIndex
{
    private readonly Dictionary<string, string> _byEmail = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byGroup = new(StringComparer.Ordinal);

    public HandIndex(int entries)
    {
        for (var number = 0; number < entries; number++)
        {
            var user = User.FromJson(Workload.Value(number));
            var key = Workload.Key(number);
            _byEmail[user.Email] = key;
            foreach (var group in user.Groups)
            {
                if (!_byGroup.TryGetValue(group, out var members))
                    _byGroup.Add(group, members = new HashSet<string>(StringComparer.Ordinal));
                members.Add(key);
            }
        }
    }

    public string KeyOf(string email) => _byEmail[email];
}
