using CsCheck;
using Hearsay.Learning.Models;
using Hearsay.Protocols;

namespace Hearsay.Learning.Tests.Models;

public sealed class ParameterCodecTests
{
    [Fact]
    public void Thirty_two_bits_come_back_as_they_were() => Gen.Float[-1e6f, 1e6f].Array[1, 200].Sample(parameters =>
        Assert.Equal(parameters, There(parameters, 32, seed: 1)));

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    public void Fewer_bits_err_by_less_than_a_level_of_their_block(int bits) =>
        Gen.Float[-1e6f, 1e6f].Array[1, 200].Sample(parameters =>
        {
            var read = There(parameters, bits, seed: 1);
            for (var i = 0; i < read.Length; i++)
            {
                var block = parameters.Skip(i / 64 * 64).Take(64).Max(Math.Abs);
                var level = block / ((1 << (bits - 1)) - 1);
                Assert.InRange(Math.Abs(read[i] - parameters[i]), 0, level * 1.01);
            }
        });

    [Fact]
    public void Rounding_is_right_on_average()
    {
        float[] parameters = [1, 0.3333f, -0.7777f, 0.001f];
        var means = new double[parameters.Length];
        for (var seed = 0; seed < 4000; seed++)
        {
            var read = There(parameters, 8, (ulong)seed);
            for (var i = 0; i < means.Length; i++)
            {
                means[i] += read[i] / 4000.0;
            }
        }

        // A level is 1/127; the deviation of the mean of 4,000 is below 1/127/2/63.
        Assert.All(means.Zip(parameters), pair => Assert.Equal(pair.Second, pair.First, 0.0004));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(16)]
    [InlineData(8)]
    public void Any_bytes_are_read_or_refused_and_never_throw(int bits) =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            ParameterCodec.TryRead(bytes, bits, new float[58]);
        });

    private static float[] There(float[] parameters, int bits, ulong seed)
    {
        var random = new SeededRandom(seed);
        var bytes = new byte[ParameterCodec.SizeBytes(parameters.Length, bits)];
        ParameterCodec.Write(parameters, bits, bytes, ref random);
        var read = new float[parameters.Length];
        Assert.True(ParameterCodec.TryRead(bytes, bits, read));
        return read;
    }
}
