using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A certificate authority for tests, and a certificate for 127.0.0.1 that it has signed.</summary>
internal sealed class TestCertificates
{
    private TestCertificates(string authority, string chain, string key)
    {
        Authority = authority;
        Chain = chain;
        Key = key;
    }

    /// <summary>The certificate of the authority, as PEM.</summary>
    public string Authority { get; }

    /// <summary>The certificates of the broker and the authority, as PEM.</summary>
    public string Chain { get; }

    /// <summary>The broker's private key, as PEM.</summary>
    public string Key { get; }

    public static TestCertificates Create()
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=KafkaCache tests", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));

        var authorityPem = authority.ExportCertificatePem();
        return new TestCertificates(authorityPem, $"{certificate.ExportCertificatePem()}\n{authorityPem}", key.ExportPkcs8PrivateKeyPem());
    }
}
