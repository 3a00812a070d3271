using KafkaCaching.Clients;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Options;

/// <summary>The result of checking options as a whole: everything that is wrong with them, or, if nothing is, the clients that were made
/// from them for the cache to take.</summary>
internal sealed class CheckedOptions : IDisposable
{
    private readonly string _name;
    private readonly Type _type;
    private KafkaClients? _clients;

    private CheckedOptions(string name, Type type, IReadOnlyList<string> faults, KafkaClients? clients) =>
        (_name, _type, Faults, _clients) = (name, type, faults, clients);

    public IReadOnlyList<string> Faults { get; }

    public static CheckedOptions Of<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        List<string> faults = [.. OptionsValidation.Validate(options)];
        var told = faults.ToArray();
        var clients = KafkaClients.Open(
            ClientConfigs.Of(options),
            options.Name ?? options.Topic ?? "",
            writes: !options.ReadOnly,
            options.TimeProvider ?? TimeProvider.System,
            isFaulty: option => told.Any(fault => fault.StartsWith($"{option}: ", StringComparison.Ordinal)
                || (option is "Producer" && fault.StartsWith("PutTimeout ", StringComparison.Ordinal))),
            refuse: (option, reason) => faults.Add(
                $"{option}: the Kafka client refuses these settings together: {reason}. Correct them; librdkafka's CONFIGURATION.md "
                + "describes each."));
        if (faults.Count > 0)
        {
            clients?.Dispose();
            clients = null;
        }

        return new CheckedOptions(
            options.Name ?? options.Topic ?? Microsoft.Extensions.Options.Options.DefaultName, options.GetType(), faults, clients);
    }

    /// <summary>Hands the clients over to the cache.</summary>
    /// <exception cref="OptionsValidationException">The options have faults. The exception names all of them.</exception>
    public KafkaClients Take()
    {
        if (Faults.Count > 0)
            throw new OptionsValidationException(_name, _type, Faults);
        return Interlocked.Exchange(ref _clients, null)
            ?? throw new InvalidOperationException("The clients of these options have been taken.");
    }

    public void Dispose() => Interlocked.Exchange(ref _clients, null)?.Dispose();
}
