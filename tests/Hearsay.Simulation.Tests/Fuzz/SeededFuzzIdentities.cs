using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Security;
using Hearsay.Simulation.Fuzz;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Fuzz;

/// <summary>The identities of <see cref="SeededIdentities"/>, for campaigns.</summary>
/// <param name="records">The cryptography of packets; the real one if null.</param>
internal sealed class SeededFuzzIdentities(RecordCipher? records = null) : FuzzIdentities
{
    private readonly SeededIdentities _cluster = new();

    public override RecordCipher Records { get; } = records ?? new SodiumCipher();

    public override IdentitySecurity Make(int number, RecordCipher records)
    {
        var keys = SeededIdentities.Keys(number);
        return new IdentitySecurity(
            (records, SeededIdentities.Cipher), keys, _cluster.Token(keys), _cluster.Admission(),
            static now => SeededIdentities.Epoch + (now.Ticks / TimeSpan.TicksPerSecond));
    }
}
