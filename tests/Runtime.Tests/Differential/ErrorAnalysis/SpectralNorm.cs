using System.Numerics.Tensors;

namespace Runtime.Tests.Differential.ErrorAnalysis;

/// <summary>An upper bound of a matrix's largest singular value σ.</summary>
internal static class SpectralNorm
{
    /// <summary>
    /// With G = W Wᵀ (or Wᵀ W, whichever is smaller), σ¹⁶ is the largest eigenvalue of G⁸, which is at most the sum of all of
    /// them, the trace: ‖G⁴‖² in Frobenius' norm. That is too large by n^(1/16) at most, 1.4 for n = 245.
    /// </summary>
    /// <param name="matrix">[rows, columns].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    public static double Bound(double[] matrix, int rows, int columns)
    {
        double frobenius = TensorPrimitives.Norm<double>(matrix);
        if (rows == 1 || columns == 1 || frobenius == 0)
            return frobenius;
        // Scaled, so that no power under- or overflows.
        var scaled = new double[matrix.Length];
        TensorPrimitives.Divide<double>(matrix, frobenius, scaled);
        int n = Math.Min(rows, columns);
        double[] gram = rows <= columns ? TimesTranspose(scaled, rows, columns) : TimesTranspose(Transposed(scaled, rows, columns), columns, rows);
        double[] fourth = TimesTranspose(TimesTranspose(gram, n, n), n, n);
        return frobenius * Math.Pow(TensorPrimitives.Norm<double>(fourth), 1.0 / 8);
    }

    // A Aᵀ; for a symmetric A, A².
    private static double[] TimesTranspose(double[] a, int rows, int columns)
    {
        var product = new double[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j <= i; j++)
                product[i * rows + j] = product[j * rows + i] = TensorPrimitives.Dot<double>(a.AsSpan(i * columns, columns), a.AsSpan(j * columns, columns));
        }
        return product;
    }

    private static double[] Transposed(double[] a, int rows, int columns)
    {
        var transposed = new double[a.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                transposed[j * rows + i] = a[i * columns + j];
        }
        return transposed;
    }
}
