"""Networks: RGB [0, 1] in, RGB [0, 1] out. They know no loss, no config and no checkpoint."""

from mmsrkd.models.networks.abpn import ABPN
from mmsrkd.models.networks.bicubic import Bicubic
from mmsrkd.models.networks.bicubic_plus_plus import BicubicPlusPlus
from mmsrkd.models.networks.cascade import Cascade
from mmsrkd.models.networks.compact_encoder import CompactEncoder
from mmsrkd.models.networks.dipnet import DIPNet
from mmsrkd.models.networks.discretise import discretise
from mmsrkd.models.networks.ecbsr import ECB, ECBSR
from mmsrkd.models.networks.espcn import ESPCN
from mmsrkd.models.networks.fsrcnn import FSRCNN
from mmsrkd.models.networks.hgsrcnn import HGSRCNN
from mmsrkd.models.networks.imdn import IMDB, IMDN
from mmsrkd.models.networks.lgrnet import LGRNet
from mmsrkd.models.networks.luma_only import LumaOnly
from mmsrkd.models.networks.mimo_unet import MIMOUNet
from mmsrkd.models.networks.pan import PAN, SCPA
from mmsrkd.models.networks.privileged_sr import PrivilegedSR
from mmsrkd.models.networks.rcan import RCAB, RCAN
from mmsrkd.models.networks.reparam import (
    Conv3XC,
    ReparamBlock,
    count_parameters,
    switch_to_deploy,
)
from mmsrkd.models.networks.rfdn import RFDB, RFDN
from mmsrkd.models.networks.rlfn import RLFB, RLFN
from mmsrkd.models.networks.safmn import SAFMN
from mmsrkd.models.networks.sesr import SESR, CollapsibleConv
from mmsrkd.models.networks.span import SPAB, SPAN
from mmsrkd.models.networks.spandrel_net import SpandrelNet
from mmsrkd.models.networks.sr_deblur_net import SRDeblurNet
from mmsrkd.models.networks.vdsr import VDSR
from mmsrkd.models.networks.xlsr import XLSR

__all__ = [
    "ABPN",
    "ECB",
    "ECBSR",
    "ESPCN",
    "FSRCNN",
    "HGSRCNN",
    "IMDB",
    "IMDN",
    "PAN",
    "RCAB",
    "RCAN",
    "RFDB",
    "RFDN",
    "RLFB",
    "RLFN",
    "SAFMN",
    "SCPA",
    "SESR",
    "SPAB",
    "SPAN",
    "VDSR",
    "XLSR",
    "Bicubic",
    "BicubicPlusPlus",
    "Cascade",
    "CollapsibleConv",
    "CompactEncoder",
    "Conv3XC",
    "DIPNet",
    "LGRNet",
    "LumaOnly",
    "MIMOUNet",
    "PrivilegedSR",
    "ReparamBlock",
    "SRDeblurNet",
    "SpandrelNet",
    "count_parameters",
    "discretise",
    "switch_to_deploy",
]
