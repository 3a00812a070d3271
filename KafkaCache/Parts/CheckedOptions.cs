using KafkaCaching.Clients;
using KafkaCaching.Options;
using KafkaCaching.Transports;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Parts;

/// <summary>The result of validating the options of a cache: all their faults or, if there are none, the transport that was created from
/// them.</summary>
internal sealed class CheckedOptions : IDisposable
{
    private readonly string _name;
    private readonly Type _type;
    private Transport? _transport;

    private CheckedOptions(string name, Type type, IReadOnlyList<string> faults, Transport? transport) =>
        (_name, _type, Faults, _transport) = (name, type, faults, transport);

    public IReadOnlyList<string> Faults { get; }

    public static CheckedOptions Of<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        List<string> faults = [.. OptionsValidation.Validate(options)];
        Transport? transport = options.Log is { } log ? new LogTransport(log) : OpenClients(options, faults);
        if (faults.Count > 0)
        {
            transport?.Dispose();
            transport = null;
        }

        return new CheckedOptions(
            options.Name ?? options.Topic ?? Microsoft.Extensions.Options.Options.DefaultName, options.GetType(), faults, transport);
    }

    /// <summary>Passes the transport to the cache, which then owns it.</summary>
    /// <exception cref="OptionsValidationException">The options have faults. The exception names all of them.</exception>
    public Transport Take()
    {
        if (Faults.Count > 0)
            throw new OptionsValidationException(_name, _type, Faults);
        return Interlocked.Exchange(ref _transport, null)
            ?? throw new InvalidOperationException("The transport of these options has already been taken.");
    }

    public void Dispose() => Interlocked.Exchange(ref _transport, null)?.Dispose();

    private static KafkaTransport? OpenClients<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options, List<string> faults)
        where TKey : notnull
    {
        var told = faults.ToArray();
        var time = options.TimeProvider ?? TimeProvider.System;
        var clients = KafkaClients.Open(
            options.ForClients(),
            options.Name ?? options.Topic ?? "",
            writes: !options.ReadOnly,
            time,
            isFaulty: option => told.Any(fault => fault.StartsWith($"{option}: ", StringComparison.Ordinal)
                || (option is "Producer" && fault.StartsWith("PutTimeout ", StringComparison.Ordinal))),
            refuse: (option, reason) => faults.Add(
                $"{option}: the Kafka client refuses these settings together: {reason}. Correct them; librdkafka's CONFIGURATION.md "
                + "describes each."));
        return clients is null ? null : new KafkaTransport(clients, time);
    }
}
