using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Testing;
using KafkaCaching.Testing.Nodes;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A Kafka node with ACLs, a listener with SASL and a listener with TLS. Its plain listener is for the administrator. It is
/// started on first use.</summary>
public sealed class SecureKafka : IAsyncDisposable
{
    /// <summary>The user with all permissions.</summary>
    public const string Admin = "admin";

    /// <summary>The user with the permissions that a test grants.</summary>
    public const string Guest = "guest";

    /// <summary>The password of all users.</summary>
    public const string Password = "right-horse-7";

    private readonly TestCertificates _certificates = TestCertificates.Create();
    private readonly NodeListener _sasl = Listener("SASL", "SASL_PLAINTEXT");
    private readonly NodeListener _tls = Listener("TLS", "SSL");
    private RealKafka? _node;
    private TestKafka? _kafka;

    /// <summary>A connection as the administrator.</summary>
    internal TestKafka Kafka => _kafka!;

    /// <summary>The address of the listener with SASL.</summary>
    public string SaslAddress => $"127.0.0.1:{_sasl.Port}";

    /// <summary>The address of the listener with TLS.</summary>
    public string TlsAddress => $"127.0.0.1:{_tls.Port}";

    /// <summary>The certificate of the authority, as PEM.</summary>
    public string Authority => _certificates.Authority;

    public async Task StartAsync()
    {
        var release = RealBrokerFixture.RequireRelease();
        _node ??= await RealKafka.StartAsync(
            new RealKafkaOptions { Release = release, Listeners = [_sasl, _tls], Settings = Settings() },
            TestContext.Current.CancellationToken);
        _kafka ??= new TestKafka(_node.BootstrapServers);
    }

    public static ClientConfig As(string user, string password = Password) => new()
    {
        SecurityProtocol = SecurityProtocol.SaslPlaintext,
        SaslMechanism = SaslMechanism.Plain,
        SaslUsername = user,
        SaslPassword = password,
    };

    internal Task AllowGuestAsync(string topic, params AclOperation[] operations) =>
        AllowGuestAsync(new Grant(ResourceType.Topic, topic, ResourcePatternType.Literal, operations));

    internal async Task AllowGuestAsync(params IEnumerable<Grant> grants)
    {
        AclBinding[] bindings = [.. grants.SelectMany(BindingsOf)];
        await Kafka.Admin.CreateAclsAsync(bindings);

        // The broker gets the ACLs from the controller with a delay, and describes only those that it has got.
        foreach (var binding in bindings)
            await Eventually.TrueAsync(() => IsKnownAsync(binding), "the ACL is in force");
    }

    private static IEnumerable<AclBinding> BindingsOf(Grant grant) => grant.Operations.Select(operation => new AclBinding
    {
        Pattern = new ResourcePattern { Type = grant.Type, Name = grant.Name, ResourcePatternType = grant.Pattern },
        Entry = new AccessControlEntry
        {
            Principal = $"User:{Guest}", Host = "*", Operation = operation, PermissionType = AclPermissionType.Allow,
        },
    });

    private async Task<bool> IsKnownAsync(AclBinding binding)
    {
        var described = await Kafka.Admin.DescribeAclsAsync(binding.ToFilter());
        return described.AclBindings.Count > 0;
    }

    /// <summary>The permissions of the guest for a resource.</summary>
    internal sealed record Grant(ResourceType Type, string Name, ResourcePatternType Pattern, params AclOperation[] Operations);

    public async ValueTask DisposeAsync()
    {
        _kafka?.Dispose();
        if (_node is not null)
            await _node.DisposeAsync();
    }

    private static NodeListener Listener(string name, string protocol)
    {
        var port = FreePort.Take();
        return new NodeListener(name, protocol, port, port);
    }

    private Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        ["super.users"] = $"User:ANONYMOUS;User:{Admin}",
        ["listener.name.sasl.sasl.enabled.mechanisms"] = "PLAIN",
        ["listener.name.sasl.plain.sasl.jaas.config"] =
            $"org.apache.kafka.common.security.plain.PlainLoginModule required user_{Admin}=\"{Password}\" user_{Guest}=\"{Password}\";",
        ["listener.name.tls.ssl.keystore.type"] = "PEM",
        ["listener.name.tls.ssl.keystore.certificate.chain"] = OneLine(_certificates.Chain),
        ["listener.name.tls.ssl.keystore.key"] = OneLine(_certificates.Key),
    };

    // A value in a properties file ends at the end of its line, so line breaks are escaped.
    private static string OneLine(string pem) => pem.ReplaceLineEndings("\\n");
}
